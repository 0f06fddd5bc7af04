import { appendDirectory } from "../directory/append.ts";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { activePlanNames, requirePublishedPlan } from "./plan-choice.ts";
import { ConsumerPatch, ConsumerView } from "./schemas.ts";
import { CONSUMER_PARTS, type ConsumerRow, consumerView, directoryConsumer } from "./view.ts";

/** Renames, moves to another plan, suspends or lets go again: live on every node at once. 404, 409, 412. */
export const updateConsumer = mutation({
  name: "consumer.update",
  permission: "consumer.write",
  input: PatchInput,
  output: ConsumerView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.consumer.findUnique({ where: { id }, include: CONSUMER_PARTS });
    if (!before) throw notFound("consumer");
    requireMatch(ctx, before.version);
    const changed = parseInput(ConsumerPatch, mergePatch(writable(before), patch));
    const planMoved = changed.planId !== before.planId;
    const { minRevision } = planMoved ? await requirePublishedPlan(ctx.tx, changed.planId) : before;
    const data = { name: changed.name, planId: changed.planId, minRevision, ...suspension(before, changed, ctx.now()) };
    const { count } = await ctx.tx.consumer.updateMany({
      where: { id, version: before.version },
      data: { ...data, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const row = await ctx.tx.consumer.findUniqueOrThrow({ where: { id }, include: CONSUMER_PARTS });
    await appendDirectory(ctx.tx, { kind: "consumer", id, body: directoryConsumer(row) });
    const planNames = await activePlanNames(ctx.tx);
    const output = consumerView(row, planNames);
    return {
      output,
      audit: {
        resource: "consumer",
        id,
        name: row.name,
        teamId: row.teamId,
        before: consumerView(before, planNames),
        after: output,
      },
    };
  },
});

function writable(row: ConsumerRow) {
  const reason = row.suspendedReason === null ? {} : { suspendedReason: row.suspendedReason };
  return { name: row.name, planId: row.planId, suspended: row.suspendedAt !== null, ...reason };
}

function suspension(
  before: ConsumerRow,
  changed: { suspended: boolean; suspendedReason?: string | undefined },
  now: Date,
) {
  if (!changed.suspended) return { suspendedAt: null, suspendedReason: null };
  return { suspendedAt: before.suspendedAt ?? now, suspendedReason: changed.suspendedReason ?? "" };
}
