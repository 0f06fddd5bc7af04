import { createLoader, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";

const apiKeyStates = ["active", "expired", "revoked"] as const;

/** The page's own part of the URL: filters, and `new` while the dialog that issues a key is open. */
export const apiKeyFilters = {
  state: parseAsStringLiteral(apiKeyStates),
  consumerId: parseAsString,
  new: parseAsBoolean.withDefault(false),
};

/** Reads the whole of it on the server, for the first paint. */
export const loadApiKeyParams = createLoader({
  ...apiKeyFilters,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
