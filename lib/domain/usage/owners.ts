import type { UsageEvent } from "../../contract/usage-event.ts";
import type { Tx } from "../../db/client.ts";
import type { OwnedEvent } from "./rollup-rows.ts";

/**
 * Gives each event the team of its consumer as the database knows it: a node cannot write into a team that is not its
 * consumer's. A consumer deleted since then keeps the team it was last recorded under; an unknown one has none.
 */
export async function withOwners(tx: Tx, events: readonly UsageEvent[]): Promise<OwnedEvent[]> {
  const consumerIds = [...new Set(events.flatMap((event) => event.consumerId ?? []))];
  const consumers = await tx.consumer.findMany({
    where: { id: { in: consumerIds } },
    select: { id: true, teamId: true },
  });
  const teams = new Map(consumers.map((consumer) => [consumer.id, consumer.teamId]));
  const unknown = events.filter((event) => event.consumerId !== null && !teams.has(event.consumerId));
  for (const [consumerId, teamId] of await recordedTeams(tx, unknown)) teams.set(consumerId, teamId);
  return events.map((event) => ({ ...event, teamId: teams.get(event.consumerId ?? "") ?? "" }));
}

/** The claimed teams of unknown consumers, where calls of this consumer were recorded under that team before. */
async function recordedTeams(tx: Tx, events: readonly UsageEvent[]): Promise<[string, string][]> {
  const claims = events.flatMap(({ teamId, consumerId }) => (teamId && consumerId ? [{ teamId, consumerId }] : []));
  if (claims.length === 0) return [];
  const rows = await tx.$queryRaw<{ consumer_id: string; team_id: string }[]>`
    SELECT DISTINCT series.consumer_id, series.team_id
    FROM json_to_recordset(${JSON.stringify(claims)}::json) AS claim("teamId" text, "consumerId" text)
    JOIN usage_series series ON series.team_id = claim."teamId" AND series.consumer_id = claim."consumerId"`;
  return rows.map((row) => [row.consumer_id, row.team_id]);
}
