import type { z } from "zod";
import { UsageBatch, type UsageResponse } from "../../contract/node-protocol.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { DomainError, invalidField } from "../errors.ts";
import { notifyChange } from "../notify.ts";
import { parseInput } from "../parse-input.ts";
import { inTransaction } from "../transaction.ts";
import { addToRollups } from "./add-rollups.ts";
import { addRouteUse } from "./add-route-use.ts";
import { insertEvents } from "./insert-events.ts";
import { withOwners } from "./owners.ts";
import type { OwnedEvent } from "./rollup-rows.ts";

/**
 * Takes a node's batch of usage events: the events, their sums and the spool's watermark commit together, and the
 * answer is given after the commit. A repeated, reordered or concurrent batch counts once.
 *
 * A node sends the events of one spool in their order, one batch at a time. A batch that starts beyond the watermark
 * means that the events between are lost: it is taken all the same, and `usage_spool` shows how many are missing
 * (`through_sequence` less `accepted_events`; zero again should they arrive after all).
 *
 * No verb: nobody asks for it, a node reports facts. It has no permission that a person could hold (only the system
 * may call it, on behalf of a node that has proved who it is) and no audit entry (the events are the record).
 */
export async function ingestUsage(
  ctx: Context,
  { nodeId, batch }: { nodeId: string; batch: z.input<typeof UsageBatch> },
): Promise<UsageResponse> {
  if (ctx.actor.kind !== "system") throw new DomainError("permission_denied", "Only nodes report usage.");
  const { incarnation, events } = parseInput(UsageBatch, batch);
  requireOrder(events);
  return inTransaction(ctx, async (tx) => {
    const spool = { nodeId, incarnation };
    const owned = await withOwners(tx, events);
    const fresh = await insertEvents(tx, spool, owned);
    const added = owned.filter((event) => fresh.has(event.sequence));
    await addToRollups(tx, added, nodeId);
    await addRouteUse(tx, added);
    const throughSequence = await moveWatermark(tx, spool, events, added.length);
    if (added.length > 0) {
      await touchApiKeys(tx, added);
      await notifyChange(tx, "usage");
    }
    return { throughSequence };
  });
}

/** One order in every transaction is also what keeps concurrent senders from waiting for each other in a circle. */
function requireOrder(events: readonly UsageEvent[]): void {
  const wrong = events.findIndex((event, index) => event.sequence <= (events[index - 1]?.sequence ?? 0));
  if (wrong !== -1)
    throw invalidField(`/events/${wrong}/sequence`, "out_of_order", "Events must be in the order of their sequence.");
}

async function moveWatermark(
  tx: Tx,
  { nodeId, incarnation }: { nodeId: string; incarnation: string },
  events: readonly UsageEvent[],
  accepted: number,
): Promise<number> {
  const through = events.at(-1)?.sequence ?? 0;
  const lastEventAt = new Date(Math.max(...events.map(({ startedAt }) => Date.parse(startedAt)))).toISOString();
  const [row] = await tx.$queryRaw<{ through_sequence: bigint }[]>`
    INSERT INTO usage_spool AS present (node_id, incarnation, through_sequence, accepted_events, last_event_at)
    VALUES (${nodeId}, ${incarnation}, ${through}::bigint, ${accepted}::bigint, ${lastEventAt}::timestamptz)
    ON CONFLICT (node_id, incarnation) DO UPDATE SET
      through_sequence = greatest(present.through_sequence, excluded.through_sequence),
      accepted_events = present.accepted_events + excluded.accepted_events,
      last_event_at = greatest(present.last_event_at, excluded.last_event_at)
    RETURNING through_sequence`;
  if (!row) throw new Error("An upsert gave back no row");
  return Number(row.through_sequence);
}

/**
 * Notes when keys were last used, at most once a minute each. A key that somebody is changing at this moment is left
 * out: ingest never waits for a person, nor a person for more than one batch.
 */
async function touchApiKeys(tx: Tx, events: readonly OwnedEvent[]): Promise<void> {
  const uses = new Map<string, { key: string; consumer: string; at: string }>();
  for (const { apiKeyId, consumerId, startedAt } of events) {
    if (apiKeyId === null || consumerId === null) continue;
    const known = uses.get(apiKeyId);
    if (!known || known.at < startedAt) uses.set(apiKeyId, { key: apiKeyId, consumer: consumerId, at: startedAt });
  }
  if (uses.size === 0) return;
  await tx.$executeRaw`
    WITH due AS (
      SELECT api_key.id, used.at
      FROM json_to_recordset(${JSON.stringify([...uses.values()])}::json) AS used(key text, consumer text, at timestamptz)
      JOIN api_key ON api_key.id = used.key AND api_key.consumer_id = used.consumer
      WHERE api_key.last_used_at IS NULL OR api_key.last_used_at < used.at - interval '1 minute'
      ORDER BY api_key.id
      FOR UPDATE OF api_key SKIP LOCKED)
    UPDATE api_key SET last_used_at = due.at FROM due WHERE api_key.id = due.id`;
}
