import { Prisma } from "#prisma/generated/client.ts";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { requireUsableDriver } from "./check-driver.ts";
import { type NodeGroupDriver, NodeGroupPatch, NodeGroupView } from "./schemas.ts";
import { splitDriver } from "./split-driver.ts";
import { groupFields, readGroupView } from "./view.ts";
import { sealWebhookSecret } from "./webhook-secret.ts";

/** Changes who scales a group and how, in force with the scaler's next look. 404, 412, 422. */
export const updateNodeGroup = mutation({
  name: "nodeGroup.update",
  permission: "nodeGroup.write",
  input: PatchInput,
  output: NodeGroupView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.nodeGroup.findUnique({ where: { id }, omit: { sealedSecret: false } });
    if (!before) throw notFound("node group");
    requireMatch(ctx, before.version);
    const { name, ...fields } = groupFields(before);
    const target = { ...fields, driver: isOtherKind(patch, fields.driver) ? {} : fields.driver };
    const { description, scaling, ...input } = parseInput(NodeGroupPatch, mergePatch(target, patch));
    const { driver, secret } = splitDriver(input.driver);
    const isStillWebhook = driver.kind === "webhook" && before.sealedSecret !== null;
    requireUsableDriver(ctx.actor, { driver, scaling }, secret !== undefined || isStillWebhook, fields.driver);
    const kept = isStillWebhook ? before.sealedSecret : null;
    const isSameDriver = driver.kind === fields.driver.kind;
    const { count } = await ctx.tx.nodeGroup.updateMany({
      where: { id, version: before.version },
      data: {
        description,
        driver,
        scaling: scaling ?? Prisma.DbNull,
        sealedSecret: secret === undefined ? kept : sealWebhookSecret(id, secret),
        version: { increment: 1 },
        updatedAt: ctx.now(),
        lowSince: null,
        lowPeakNodes: null,
        // Another driver knows nothing of what this one was told, and a group that is not scaled is told nothing.
        ...(isSameDriver && scaling !== null ? {} : { wantedNodes: null, observed: Prisma.DbNull }),
      },
    });
    if (count === 0) throw lostRace();
    const output = await readGroupView(ctx.tx, await ctx.tx.nodeGroup.findUniqueOrThrow({ where: { id } }), ctx.now());
    const after = { description, driver, scaling };
    return { output, audit: { resource: "nodeGroup", id, name, before: fields, after } };
  },
});

function isOtherKind(patch: Record<string, unknown>, before: NodeGroupDriver): boolean {
  const { driver } = patch;
  if (typeof driver !== "object" || driver === null || !("kind" in driver)) return false;
  return driver.kind !== before.kind;
}
