import { createLoader, parseAsString } from "nuqs/server";

export const catalogueParsers = { provider: parseAsString };

/** What of the catalogue's state in the URL the server reads for the first paint. */
export const loadCatalogueParams = createLoader({
  ...catalogueParsers,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
