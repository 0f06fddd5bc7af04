import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { PriceOverridePage, PriceOverrideView } from "./schemas.ts";
import { overrideView } from "./view.ts";

/** One override as the draft has it. 404. */
export const getPriceOverride = query({
  name: "priceOverride.get",
  permission: "model.read",
  input: IdInput,
  output: PriceOverrideView,
  async run(ctx, { id }) {
    const row = await ctx.tx.priceOverride.findUnique({ where: { id } });
    if (!row) throw notFound("price");
    return overrideView(row);
  },
});

/** The overrides of the draft, newest first. */
export const listPriceOverrides = query({
  name: "priceOverride.list",
  permission: "model.read",
  input: PageInput,
  output: PriceOverridePage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { model: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.priceOverride.findMany({ ...page, where: { ...page.where, ...named } });
    return toPage(rows, input.limit, overrideView);
  },
});
