import type { Tx } from "../db/client.ts";
import type { Context } from "./context.ts";

/**
 * Runs work in one transaction scoped to what the actor may touch: row-level security then hides every other team's
 * rows even from a query that forgets to filter. Joins the transaction already open in `ctx`, if any.
 */
export async function inTransaction<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (ctx.tx) return work(ctx.tx);
  const { scope } = ctx.actor;
  const name = scope === "organisation" ? "organisation" : "teams";
  const teams = scope === "organisation" ? "" : scope.teamIds.join(",");
  return ctx.database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('turnpike.scope', ${name}, true), set_config('turnpike.teams', ${teams}, true)`;
    return work(tx);
  });
}
