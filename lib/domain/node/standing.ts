import { z } from "zod";
import { HealthEntry } from "../../contract/node-event.ts";
import type { Tx } from "../../db/client.ts";
import { OFFLINE_AFTER_MS } from "./view.ts";

const Health = z.array(HealthEntry);

/** What is not wholly in service, by upstream, as the nodes that are online see it. */
export async function standingByUpstream(
  tx: Tx,
  now: Date,
): Promise<Map<string, (HealthEntry & { node: { id: string; name: string } })[]>> {
  const nodes = await tx.node.findMany({
    where: { revokedAt: null, lastSeenAt: { gte: new Date(now.getTime() - OFFLINE_AFTER_MS) } },
    select: { id: true, name: true, health: true },
    orderBy: { id: "asc" },
  });
  const entries = nodes.flatMap(({ id, name, health }) =>
    Health.parse(health).map((entry) => ({ ...entry, node: { id, name } })),
  );
  return Map.groupBy(entries, (entry) => entry.upstreamId);
}
