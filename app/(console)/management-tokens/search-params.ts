import { createLoader, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";

/** The page's own part of the URL: a filter, and `new` while the dialog that makes a token is open. */
export const tokenFilters = {
  state: parseAsStringLiteral(["active", "expired", "revoked"]),
  new: parseAsBoolean.withDefault(false),
};

/** Reads the whole of it on the server, for the first paint. */
export const loadTokenParams = createLoader({
  ...tokenFilters,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
