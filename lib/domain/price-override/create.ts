import { DomainError } from "../errors.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { PriceOverrideInput, PriceOverrideView } from "./schemas.ts";
import { overrideView } from "./view.ts";

/** Sets what a provider's model costs, in the draft. 409 where it is set already. */
export const createPriceOverride = mutation({
  name: "priceOverride.create",
  permission: "price.write",
  input: PriceOverrideInput,
  output: PriceOverrideView,
  async run(ctx, { provider, model, price }) {
    const known = await ctx.tx.priceOverride.findUnique({ where: { provider_model: { provider, model } } });
    if (known) {
      throw new DomainError("conflict", `The price of ${provider}/${model} is set already. Change it instead.`, [
        { pointer: "/model", code: "price_taken", detail: `is set by ${known.id}` },
      ]);
    }
    const row = await ctx.tx.priceOverride.create({ data: { id: newId("prc"), provider, model, price } });
    const output = overrideView(row);
    return { output, audit: { resource: "priceOverride", id: row.id, name: `${provider}/${model}`, after: output } };
  },
});
