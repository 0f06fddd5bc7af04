import { Prisma } from "#prisma/generated/client.ts";
import { invalidField } from "./errors.ts";
import { decodeCursor, encodeCursor } from "./page.ts";

/** A cursor for lists that are ordered by a time and, within one instant, by id. */
export function encodeTimeCursor(at: Date, id: string): string {
  return encodeCursor(`${at.getTime()}|${id}`);
}

/** "Older than the cursor" as SQL over a pair of columns, or nothing without a cursor. 422 for another list's cursor. */
export function beforeTimeCursor(cursor: string | undefined, columns: Prisma.Sql): Prisma.Sql | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [, time, id] = /^(\d{1,15})\|(.+)$/.exec(text) ?? [];
  if (time === undefined || id === undefined)
    throw invalidField("/cursor", "invalid_cursor", "This cursor belongs to another list. Start again without one.");
  return Prisma.sql`(${columns}) < (${new Date(Number(time))}, ${id})`;
}
