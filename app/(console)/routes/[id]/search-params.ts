import { parseAsBoolean, parseAsString } from "nuqs";

/** The route page's state in the URL: which version is shown, whether it is edited, and which one is copied. */
export const routePageParsers = {
  version: parseAsString,
  edit: parseAsBoolean.withDefault(false),
  copy: parseAsString,
};
