import { z } from "zod";
import { appendDirectory } from "../directory/append.ts";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { activePlanNames } from "./plan-choice.ts";
import { CONSUMER_PARTS, consumerView } from "./view.ts";

/** Removes a consumer with all its keys, from every node at once. Its recorded calls stay. 404, 412. */
export const deleteConsumer = mutation({
  name: "consumer.delete",
  permission: "consumer.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.consumer.findUnique({ where: { id }, include: CONSUMER_PARTS });
    if (!before) throw notFound("consumer");
    requireMatch(ctx, before.version);
    const keys = await ctx.tx.apiKey.findMany({
      where: { consumerId: id },
      select: { id: true },
      orderBy: { id: "asc" },
    });
    for (const key of keys) await appendDirectory(ctx.tx, { kind: "apiKey", id: key.id, body: null });
    await appendDirectory(ctx.tx, { kind: "consumer", id, body: null });
    await ctx.tx.consumer.delete({ where: { id } });
    const view = consumerView(before, await activePlanNames(ctx.tx));
    return {
      output: null,
      audit: { resource: "consumer", id, name: before.name, teamId: before.teamId, before: view },
    };
  },
});
