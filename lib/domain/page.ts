import { z } from "zod";
import { invalidField } from "./errors.ts";

/** Query of every list: how many, from where, and a text to look for in names and ids. */
export const PageInput = z.strictObject({
  limit: z.coerce.number<string | number>().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
  q: z.string().trim().max(200).optional(),
});

/** The answer of every list, newest first. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** A cursor names the last id seen; ids sort by time, so nothing is skipped or repeated while rows are added. */
export function encodeCursor(id: string): string {
  return btoa(id).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Base64url without `Buffer`: this file reaches the browser, where its stand-in weighs more than a page's own code. */
function decodeBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

/** Reads a cursor back. Throws a 422 when it is not one of ours. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const id = decodeBase64Url(cursor);
  if (!/^[A-Za-z0-9_.:|-]{1,200}$/.test(id))
    throw invalidField(
      "/cursor",
      "invalid_cursor",
      "This is not a cursor that a list gave out. Start again without one.",
    );
  return id;
}

/** What Prisma needs for one page ordered by descending id, one row more than asked so that the end is known. */
export function pageQuery(input: { limit: number; cursor?: string | undefined }) {
  const before = decodeCursor(input.cursor);
  return {
    where: before === undefined ? {} : { id: { lt: before } },
    orderBy: { id: "desc" } as const,
    take: input.limit + 1,
  };
}

/** Cuts the extra row off and makes the cursor. */
export function toPage<Row extends { id: string }, View>(
  rows: Row[],
  limit: number,
  view: (row: Row) => View,
): { data: View[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
