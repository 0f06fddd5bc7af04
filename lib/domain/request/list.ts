import { Prisma } from "#prisma/generated/client.ts";
import { beforeTimeCursor, encodeTimeCursor } from "../time-cursor.ts";
import { anyOf, bounded, filterSql, windowOf } from "../usage/index.ts";
import { query } from "../verb.ts";
import { startOfRequest } from "./request-id.ts";
import { type CallRow, SUMMARY_COLUMNS, summariesOf } from "./rows.ts";
import { RequestListInput, RequestPage } from "./schemas.ts";

const DAY_MS = 86_400_000;

/**
 * The calls of a time range, newest first. Pages go by (time, id), so nothing is skipped or repeated while calls come
 * in. 422 for a search that would read too much.
 */
export const listRequests = query({
  name: "request.list",
  permission: "request.read",
  input: RequestListInput,
  output: RequestPage,
  async run(ctx, { from, to, limit, cursor, q, outcome, action, errorCode, ...filters }) {
    const window = searchWindow({ from, to, q }, ctx.now());
    const conditions = [
      Prisma.sql`calls.day BETWEEN ${dayOf(window.from)}::date AND ${dayOf(window.to)}::date`,
      Prisma.sql`calls.started_at >= ${window.from} AND calls.started_at < ${window.to}`,
      filterSql(ctx.actor, filters),
      anyOf(Prisma.sql`calls.outcome`, outcome),
      anyOf(Prisma.sql`calls.action`, action),
      anyOf(Prisma.sql`calls.error_code`, errorCode),
      q === undefined || q === "" ? undefined : idCondition(q),
      beforeTimeCursor(cursor, Prisma.sql`calls.started_at, calls.id`),
    ].filter((condition) => condition !== undefined);
    const rows = await bounded(
      ctx.tx,
      () => ctx.tx.$queryRaw<CallRow[]>`
        SELECT ${SUMMARY_COLUMNS} FROM usage_event calls WHERE ${Prisma.join(conditions, " AND ")}
        ORDER BY calls.started_at DESC, calls.id DESC LIMIT ${limit + 1}`,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last ? encodeTimeCursor(last.started_at, last.id) : null;
    return { data: await summariesOf(ctx.tx, ctx.actor, shown), nextCursor };
  },
});

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** Whoever has a whole id need not know when that was. */
function searchWindow(
  { q, ...asked }: { from?: string | undefined; to?: string | undefined; q?: string | undefined },
  now: Date,
) {
  const at = q === undefined ? undefined : startOfRequest(q);
  if (at === undefined || asked.from !== undefined || asked.to !== undefined) return windowOf(asked, now);
  return { from: new Date(at.getTime() - DAY_MS), to: new Date(at.getTime() + DAY_MS) };
}

function idCondition(text: string): Prisma.Sql {
  return startOfRequest(text) === undefined
    ? Prisma.sql`starts_with(calls.id, ${text})`
    : Prisma.sql`calls.id = ${text}`;
}
