import { parseAsBoolean, parseAsString } from "nuqs";

/** The page's state in the URL: the group in sight, the node whose sheet is open, and whether one is being added. */
export const nodesPageParsers = {
  group: parseAsString,
  node: parseAsString,
  new: parseAsBoolean.withDefault(false),
};
