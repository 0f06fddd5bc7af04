import { createLoader, parseAsString } from "nuqs/server";

/** What of the history's state in the URL the server reads for the first paint. */
export const loadHistoryParams = createLoader({ cursor: parseAsString });
