import { createLoader, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { ROLES } from "#lib/contract/permissions.ts";

/** The page's own part of the URL: the tab, a filter, and `new` while the dialog that adds a member is open. */
export const memberFilters = {
  tab: parseAsStringLiteral(["people", "roles"]).withDefault("people"),
  role: parseAsStringLiteral(ROLES),
  new: parseAsBoolean.withDefault(false),
};

/** Reads the whole of it on the server, for the first paint. */
export const loadMemberParams = createLoader({
  ...memberFilters,
  q: parseAsString.withDefault(""),
  cursor: parseAsString,
});
