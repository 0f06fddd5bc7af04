import { Prisma } from "#prisma/generated/client.ts";
import { invalidField } from "../errors.ts";
import { decodeCursor, encodeCursor } from "../page.ts";
import { query } from "../verb.ts";
import { HistoryEntry, HistoryInput, HistoryPage } from "./schemas.ts";

interface HistoryRow {
  entry_id: string;
  position: number;
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string | null;
  action: string;
  request_id: string;
  resource: string;
  resource_id: string;
  resource_name: string;
  pointer: string;
  before: unknown;
  after: unknown;
}

/** Who changed which field of the draft from what to what, newest first; of one resource, or of one field and what is in it. */
export const listHistory = query({
  name: "draft.history",
  permission: "draft.read",
  input: HistoryInput,
  output: HistoryPage,
  async run(ctx, { resource, id, field, limit, cursor }) {
    const conditions = [
      resource === undefined ? undefined : Prisma.sql`change.resource = ${resource}`,
      id === undefined ? undefined : Prisma.sql`change.resource_id = ${id}`,
      field === undefined ? undefined : within(field),
      beforeCursor(cursor),
    ].filter((condition) => condition !== undefined);
    const where = conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, " AND ");
    const rows = await ctx.tx.$queryRaw<HistoryRow[]>`
      SELECT change.entry_id, change.position, entry.at, entry.actor_kind, entry.actor_id, personal.actor_name,
        entry.action, entry.request_id, change.resource, change.resource_id, change.resource_name, change.pointer,
        change.before, change.after
      FROM policy_change change
      JOIN audit_entry entry ON entry.id = change.entry_id
      LEFT JOIN audit_personal personal ON personal.entry_id = change.entry_id
      WHERE ${where} ORDER BY change.entry_id DESC, change.position DESC LIMIT ${limit + 1}`;
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last ? encodeCursor(`${last.entry_id}|${last.position}`) : null;
    return { data: shown.map(historyEntry), nextCursor };
  },
});

/** A field, what is in it, and what it is in: an entry for a whole version is about its fields too. */
function within(field: string): Prisma.Sql {
  return Prisma.sql`(change.pointer = ${field} OR starts_with(change.pointer, ${`${field}/`})
    OR starts_with(${field}, change.pointer || '/'))`;
}

function beforeCursor(cursor: string | undefined): Prisma.Sql | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [, entryId, position] = /^([A-Za-z0-9_-]+)\|(\d{1,6})$/.exec(text) ?? [];
  if (entryId === undefined)
    throw invalidField("/cursor", "invalid_cursor", "This cursor belongs to another list. Start again without one.");
  return Prisma.sql`(change.entry_id, change.position) < (${entryId}, ${Number(position)})`;
}

function historyEntry(row: HistoryRow): HistoryEntry {
  return HistoryEntry.parse({
    id: `${row.entry_id}-${row.position}`,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    requestId: row.request_id,
    auditEntryId: row.entry_id,
    resource: row.resource,
    resourceId: row.resource_id,
    resourceName: row.resource_name,
    pointer: row.pointer,
    before: row.before,
    after: row.after,
  });
}
