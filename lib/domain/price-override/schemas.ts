import { z } from "zod";
import { isMoney } from "../../contract/money.ts";
import { Id, Timestamp } from "../../contract/names.ts";
import { isProviderKind, PROVIDERS } from "../../contract/providers.ts";
import { pageOf } from "../page.ts";

const Dollars = z.string().refine(isMoney, 'must be an amount in dollars such as "0.15"');
/** Dollars a million tokens; tiers apply to the whole call once its input reaches `fromTokens`. */
const Tiers = z
  .array(z.strictObject({ fromTokens: z.int().min(0).max(1_000_000_000), dollars: Dollars }))
  .min(1)
  .max(10)
  .refine(
    (tiers) => new Set(tiers.map(({ fromTokens }) => fromTokens)).size === tiers.length,
    "must not repeat a tier",
  );

/** What a model costs. A kind of token without a price makes calls that use it unpriced; "0" says that it costs nothing. */
export const PriceInput = z.strictObject({
  input: Tiers.nullable().default(null),
  /** Left out, cached input costs what input costs. */
  cachedInput: Tiers.nullable().default(null),
  /** Left out, writing to the cache costs what input costs. */
  cacheWrite: Tiers.nullable().default(null),
  output: Tiers.nullable().default(null),
  perThousandRequests: Dollars.nullable().default(null),
});
export const PriceOverrideInput = z.strictObject({
  provider: z.string().refine(isProviderKind, {
    message: `Must be one of ${PROVIDERS.map((provider) => provider.kind).join(", ")}.`,
  }),
  /** The model as targets name it. */
  model: z.string().trim().min(1).max(300),
  price: PriceInput,
});
export const PriceOverrideView = z.object({
  id: Id,
  provider: z.string(),
  model: z.string(),
  price: PriceInput,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type PriceOverrideView = z.infer<typeof PriceOverrideView>;
export const PriceOverridePage = pageOf(PriceOverrideView);
