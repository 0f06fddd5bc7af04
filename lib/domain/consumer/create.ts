import { requireTeam } from "../authorize.ts";
import { appendDirectory } from "../directory/append.ts";
import { invalidField } from "../errors.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { requirePublishedPlan } from "./plan-choice.ts";
import { ConsumerInput, ConsumerView } from "./schemas.ts";
import { CONSUMER_PARTS, consumerView, directoryConsumer } from "./view.ts";

/** Makes a consumer of a team, live on every node at once. 409 `plan_not_published`, `name_taken`; 422 for an unknown team. */
export const createConsumer = mutation({
  name: "consumer.create",
  permission: "consumer.write",
  input: ConsumerInput,
  output: ConsumerView,
  async run(ctx, input) {
    const team = await ctx.tx.team.findUnique({ where: { id: input.teamId } });
    if (!team) throw invalidField("/teamId", "unknown_team", "There is no such team. Choose one from GET /teams.");
    requireTeam(ctx.actor, team.id, "team");
    const { minRevision, planNames } = await requirePublishedPlan(ctx.tx, input.planId);
    const row = await ctx.tx.consumer.create({
      data: { id: newId("con"), ...input, minRevision, createdBy: ctx.actor.id },
      include: CONSUMER_PARTS,
    });
    await appendDirectory(ctx.tx, { kind: "consumer", id: row.id, body: directoryConsumer(row) });
    const output = consumerView(row, planNames);
    return { output, audit: { resource: "consumer", id: row.id, name: row.name, teamId: row.teamId, after: output } };
  },
});
