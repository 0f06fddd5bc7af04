import { z } from "zod";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { planView } from "./view.ts";

/** Takes a plan out of the draft. Consumers on it block the publishing, not this. 404, 412. */
export const deletePlan = mutation({
  name: "plan.delete",
  permission: "plan.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.plan.findUnique({ where: { id } });
    if (!before) throw notFound("plan");
    requireMatch(ctx, before.version);
    const { count } = await ctx.tx.plan.deleteMany({ where: { id, version: before.version } });
    if (count === 0) throw lostRace();
    return { output: null, audit: { resource: "plan", id, name: before.name, before: planView(before, 0) } };
  },
});
