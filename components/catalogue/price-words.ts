import type { PriceDocument, PricePerMillion } from "#lib/contract/policy-document.ts";

/** An amount that has tenths of a dollar, with its cents: 0.6 as 0.60. Whole dollars and finer parts stay as they are. */
function inCents(dollars: string): string {
  return /\.\d$/.test(dollars) ? `${dollars}0` : dollars;
}

function inDollars(tiers: PricePerMillion | null): string | null {
  const [first] = tiers ?? [];
  if (first === undefined) return null;
  return `$${inCents(first.dollars)}${(tiers?.length ?? 0) > 1 ? "+" : ""}`;
}

/** A price in one line, in dollars a million tokens: "$0.15 in · $0.60 out"; a plus sign says that it rises in tiers. */
export function priceLine(price: PriceDocument | null): string {
  if (price === null) return "No price";
  const input = inDollars(price.input);
  const output = inDollars(price.output);
  const parts = [
    ...(input === null ? [] : [`${input} in`]),
    ...(output === null ? [] : [`${output} out`]),
    ...(price.perThousandRequests === null ? [] : [`$${inCents(price.perThousandRequests)} a thousand requests`]),
  ];
  return parts.length === 0 ? "No price" : parts.join(" · ");
}

/** What a model reads and writes: "text, image → text". */
export function modalityLine(modalities: { input: readonly string[]; output: readonly string[] } | null): string {
  return modalities === null ? "Not known" : `${modalities.input.join(", ")} → ${modalities.output.join(", ")}`;
}
