import { createLoader, parseAsBoolean, parseAsString } from "nuqs/server";

/** The page's own part of the URL: `new` while the dialog that adds a team is open. */
export const teamFilters = { new: parseAsBoolean.withDefault(false) };

/** Reads the whole of it on the server, for the first paint. */
export const loadTeamParams = createLoader({
  ...teamFilters,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
