import { z } from "zod";
import { isMoney } from "#lib/contract/money.ts";
import type { PriceDocument, PricePerMillion } from "#lib/contract/policy-document.ts";

const Box = z
  .string()
  .trim()
  .refine((text) => text === "" || isMoney(text), 'must be an amount in dollars such as "0.15"');

/** What the price dialog holds: dollars as text, an empty box is no price. */
export const PriceBoxes = z.object({
  input: Box,
  cachedInput: Box,
  cacheWrite: Box,
  output: Box,
  perThousandRequests: Box,
});
export type PriceBoxes = z.output<typeof PriceBoxes>;

const PER_MILLION = ["input", "cachedInput", "cacheWrite", "output"] as const;

function flat(tiers: PricePerMillion | null | undefined): string {
  return tiers?.[0]?.dollars ?? "";
}

/** Whether a price has tiers, which the dialog has no boxes for. */
export function hasTiers(price: PriceDocument | null): boolean {
  return price !== null && PER_MILLION.some((key) => (price[key]?.length ?? 0) > 1);
}

/** The boxes of a price as it is, empty for none. */
export function priceBoxes(price: PriceDocument | null): PriceBoxes {
  return {
    input: flat(price?.input),
    cachedInput: flat(price?.cachedInput),
    cacheWrite: flat(price?.cacheWrite),
    output: flat(price?.output),
    perThousandRequests: price?.perThousandRequests ?? "",
  };
}

/** What setting a price sends. */
export function priceBody(boxes: PriceBoxes) {
  const tiers = (dollars: string) => (dollars === "" ? null : [{ fromTokens: 0, dollars }]);
  return {
    input: tiers(boxes.input),
    cachedInput: tiers(boxes.cachedInput),
    cacheWrite: tiers(boxes.cacheWrite),
    output: tiers(boxes.output),
    perThousandRequests: boxes.perThousandRequests === "" ? null : boxes.perThousandRequests,
  };
}
