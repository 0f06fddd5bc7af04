import { z } from "zod";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { overrideView } from "./view.ts";

/** Takes an override out of the draft: the model costs what the price list says again. 404, 412. */
export const deletePriceOverride = mutation({
  name: "priceOverride.delete",
  permission: "price.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.priceOverride.findUnique({ where: { id } });
    if (!before) throw notFound("price");
    requireMatch(ctx, before.version);
    const { count } = await ctx.tx.priceOverride.deleteMany({ where: { id, version: before.version } });
    if (count === 0) throw lostRace();
    const name = `${before.provider}/${before.model}`;
    return { output: null, audit: { resource: "priceOverride", id, name, before: overrideView(before) } };
  },
});
