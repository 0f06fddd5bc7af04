import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { PlanInput, PlanView } from "./schemas.ts";
import { planView } from "./view.ts";

/** Adds a plan to the draft. 409 `name_taken`. */
export const createPlan = mutation({
  name: "plan.create",
  permission: "plan.write",
  input: PlanInput,
  output: PlanView,
  async run(ctx, { quotas: _unsupported, ...input }) {
    const row = await ctx.tx.plan.create({ data: { id: newId("plan"), ...input } });
    const output = planView(row, 0);
    return { output, audit: { resource: "plan", id: row.id, name: row.name, after: output } };
  },
});
