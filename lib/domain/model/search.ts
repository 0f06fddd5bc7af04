import { etagOf } from "../etag.ts";
import { decodeCursor, encodeCursor } from "../page.ts";
import { overrideDocument } from "../price-override/view.ts";
import { query } from "../verb.ts";
import { listedModels } from "./catalogue.ts";
import { CatalogueInput, CataloguePage } from "./schemas.ts";

function keyOf({ provider, model }: { provider: string; model: string }): string {
  return `${provider}\n${model}`;
}

/**
 * Searches the models that providers have, by provider and by words in their id or name, each with the price that the draft
 * would give it. What an admin has priced is there too, though the packages do not know it.
 */
export const searchCatalogue = query({
  name: "model.search",
  permission: "model.read",
  input: CatalogueInput,
  output: CataloguePage,
  async run(ctx, { provider, q, limit, cursor }) {
    const overrides = new Map((await ctx.tx.priceOverride.findMany()).map((row) => [keyOf(row), row]));
    const listed = listedModels(ctx.now());
    const known = new Set(listed.map(keyOf));
    const own = [...overrides.values()]
      .filter((row) => !known.has(keyOf(row)))
      .map((row) => ({
        provider: row.provider,
        model: row.model,
        name: row.model,
        contextTokens: null,
        outputTokensMax: null,
        modalities: null,
        capabilities: [],
        isDeprecated: false,
        price: null,
      }));
    const words = (q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...own, ...listed].filter(
      (each) =>
        (provider === undefined || each.provider === provider) &&
        words.every((word) => `${each.provider} ${each.model} ${each.name}`.toLowerCase().includes(word)),
    );
    const from = Number(decodeCursor(cursor) ?? 0) || 0;
    const data = found.slice(from, from + limit).map((each) => {
      const row = overrides.get(keyOf(each));
      return row === undefined
        ? { ...each, override: null }
        : { ...each, price: overrideDocument(row), override: { id: row.id, etag: etagOf(row.version) } };
    });
    const next = from + limit;
    return { data, nextCursor: next < found.length ? encodeCursor(String(next)) : null, total: found.length };
  },
});
