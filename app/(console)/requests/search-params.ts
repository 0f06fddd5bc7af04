import { createLoader, parseAsString } from "nuqs/server";
import { requestFilterParsers } from "#components/requests/filter-parsers.ts";

/** What of the explorer's state in the URL the server reads for the first paint. */
export const loadRequestParams = createLoader({
  ...requestFilterParsers,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
