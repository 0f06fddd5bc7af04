import { Prisma } from "#prisma/generated/client.ts";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { query } from "../verb.ts";
import { daysAround, startOfRequest } from "./request-id.ts";
import { DETAIL_COLUMNS, type DetailRow, detailOf } from "./rows.ts";
import { RequestView } from "./schemas.ts";

/** One call with its decision. 404 when it is unknown, gone by retention, or not the caller's to know of. */
export const getRequest = query({
  name: "request.get",
  permission: "request.read",
  input: IdInput,
  output: RequestView,
  async run(ctx, { id }) {
    const find = async (days: Prisma.Sql) => {
      const [row] = await ctx.tx.$queryRaw<DetailRow[]>`
        SELECT ${DETAIL_COLUMNS} FROM usage_event calls WHERE calls.id = ${id} AND ${days}
        ORDER BY calls.started_at DESC LIMIT 1`;
      return row;
    };
    const at = startOfRequest(id);
    // The id says which days to look into; a node whose clock was far off is found by the index of every day.
    const near = at && daysAround(at);
    const row =
      (near && (await find(Prisma.sql`calls.day BETWEEN ${near.firstDay}::date AND ${near.lastDay}::date`))) ??
      (await find(Prisma.sql`true`));
    if (!row) throw notFound("request");
    return detailOf(ctx.tx, ctx.actor, row);
  },
});
