import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { PlanInput, PlanView } from "./schemas.ts";
import { consumersByPlan, planFields, planView } from "./view.ts";

/** Changes a plan in the draft. 404, 409 `name_taken`, 412. */
export const updatePlan = mutation({
  name: "plan.update",
  permission: "plan.write",
  input: PatchInput,
  output: PlanView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.plan.findUnique({ where: { id } });
    if (!before) throw notFound("plan");
    requireMatch(ctx, before.version);
    const { quotas: _unsupported, ...changed } = parseInput(PlanInput, mergePatch(planFields(before), patch));
    const { count } = await ctx.tx.plan.updateMany({
      where: { id, version: before.version },
      data: { ...changed, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const consumers = (await consumersByPlan(ctx.tx, [id])).get(id) ?? 0;
    const output = planView(await ctx.tx.plan.findUniqueOrThrow({ where: { id } }), consumers);
    return {
      output,
      audit: { resource: "plan", id, name: output.name, before: planView(before, consumers), after: output },
    };
  },
});
