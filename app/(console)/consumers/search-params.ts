import { createLoader, parseAsBoolean, parseAsString } from "nuqs/server";

/** The page's own part of the URL: filters, and `new` while the dialog that adds a consumer is open. */
export const consumerFilters = {
  teamId: parseAsString,
  planId: parseAsString,
  new: parseAsBoolean.withDefault(false),
};

/** Reads the whole of it on the server, for the first paint. */
export const loadConsumerParams = createLoader({
  ...consumerFilters,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
