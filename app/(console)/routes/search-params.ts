import { createLoader, parseAsString } from "nuqs/server";

/** What of the list's state in the URL the server reads for the first paint. */
export const loadListParams = createLoader({ q: parseAsString.withDefault(""), cursor: parseAsString });
