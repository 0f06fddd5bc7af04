import { z } from "zod";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { PriceInput, PriceOverrideView } from "./schemas.ts";
import { overrideFields, overrideView } from "./view.ts";

/** What of an override can change: whose price it is cannot. */
export const PriceOverridePatch = z.strictObject({ price: PriceInput });

/** Changes what a model costs, in the draft. 404, 412. */
export const updatePriceOverride = mutation({
  name: "priceOverride.update",
  permission: "price.write",
  input: PatchInput,
  output: PriceOverrideView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.priceOverride.findUnique({ where: { id } });
    if (!before) throw notFound("price");
    requireMatch(ctx, before.version);
    const { price } = parseInput(PriceOverridePatch, mergePatch({ price: overrideFields(before).price }, patch));
    const { count } = await ctx.tx.priceOverride.updateMany({
      where: { id, version: before.version },
      data: { price, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const output = overrideView(await ctx.tx.priceOverride.findUniqueOrThrow({ where: { id } }));
    const name = `${output.provider}/${output.model}`;
    return { output, audit: { resource: "priceOverride", id, name, before: overrideView(before), after: output } };
  },
});
