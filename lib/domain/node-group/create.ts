import { Prisma } from "#prisma/generated/client.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { requireUsableDriver } from "./check-driver.ts";
import { NodeGroupInput, NodeGroupView } from "./schemas.ts";
import { splitDriver } from "./split-driver.ts";
import { readGroupView } from "./view.ts";
import { sealWebhookSecret } from "./webhook-secret.ts";

/** Makes a group that nodes can join, scaled by a driver if one is named. 409 `name_taken`. */
export const createNodeGroup = mutation({
  name: "nodeGroup.create",
  permission: "nodeGroup.write",
  input: NodeGroupInput,
  output: NodeGroupView,
  async run(ctx, { name, description, scaling, ...input }) {
    const id = newId("ngr");
    const { driver, secret } = splitDriver(input.driver);
    requireUsableDriver(ctx.actor, { driver, scaling }, secret !== undefined);
    const row = await ctx.tx.nodeGroup.create({
      data: {
        id,
        name,
        description,
        driver,
        scaling: scaling ?? Prisma.DbNull,
        sealedSecret: secret === undefined ? null : sealWebhookSecret(id, secret),
      },
    });
    const output = await readGroupView(ctx.tx, row, ctx.now());
    return { output, audit: { resource: "nodeGroup", id, name, after: { name, description, driver, scaling } } };
  },
});
