import { Prisma } from "#prisma/generated/client.ts";
import { beforeTimeCursor, encodeTimeCursor } from "../time-cursor.ts";
import { anyOf, bounded, windowOf } from "../usage/index.ts";
import { query } from "../verb.ts";
import { AUDIT_ROWS, type AuditRow, auditView } from "./rows.ts";
import { AuditListInput, AuditPage } from "./schemas.ts";

/** What was done in a time range, newest first. 422 for a search that would read too much. */
export const listAudit = query({
  name: "audit.list",
  permission: "audit.read",
  input: AuditListInput,
  output: AuditPage,
  async run(ctx, { from, to, limit, cursor, q, ...filters }) {
    const window = windowOf({ from, to }, ctx.now());
    const conditions = [
      Prisma.sql`entry.at >= ${window.from} AND entry.at < ${window.to}`,
      anyOf(Prisma.sql`entry.actor_id`, filters.actorId),
      anyOf(Prisma.sql`entry.action`, filters.action),
      anyOf(Prisma.sql`entry.resource`, filters.resource),
      anyOf(Prisma.sql`entry.resource_id`, filters.resourceId),
      anyOf(Prisma.sql`entry.team_id`, filters.teamId),
      anyOf(Prisma.sql`entry.outcome`, filters.outcome),
      q === undefined || q === "" ? undefined : contains(q),
      beforeTimeCursor(cursor, Prisma.sql`entry.at, entry.id`),
    ].filter((condition) => condition !== undefined);
    const rows = await bounded(
      ctx.tx,
      () => ctx.tx.$queryRaw<AuditRow[]>`
        ${AUDIT_ROWS} WHERE ${Prisma.join(conditions, " AND ")} ORDER BY entry.at DESC, entry.id DESC LIMIT ${limit + 1}`,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last ? encodeTimeCursor(last.at, last.id) : null;
    return { data: shown.map(auditView), nextCursor };
  },
});

function contains(text: string): Prisma.Sql {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`concat_ws(E'\\n', entry.id, entry.action, entry.resource_name, entry.resource_id, entry.request_id,
    entry.actor_id, personal.actor_name) ILIKE ${pattern}`;
}
