import { calcPrice, type ModelPrice } from "@pydantic/genai-prices";
import packageJson from "../../../package.json" with { type: "json" };
import type { PriceDocument, PricePerMillion } from "../../contract/policy-document.ts";

/**
 * Prices come from a maintained package, never from a list of our own. A provider of ours maps to the package's; a
 * generic OpenAI-compatible endpoint has no price list, so its models are unpriced until an admin gives one.
 */
const PRICED_AS: Record<string, string> = { openai: "openai" };

/** Names the source of the prices, as stamped on every call: the package at its pinned version. */
export const PRICE_VERSION = `genai-prices@${packageJson.dependencies["@pydantic/genai-prices"]}`;

/** The price of a provider's model at a time, or null when none is known. */
export function findPrice(provider: string, model: string, at: Date): PriceDocument | null {
  const providerId = PRICED_AS[provider];
  if (providerId === undefined) return null;
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerId, timestamp: at });
  if (!found) return null;
  const price = found.model_price;
  const requests = price["requests_kcount"];
  return {
    provider,
    model,
    input: perMillion(price["input_mtok"]),
    cachedInput: perMillion(price["cache_read_mtok"]),
    cacheWrite: perMillion(price["cache_write_mtok"]),
    output: perMillion(price["output_mtok"]),
    perThousandRequests: typeof requests === "number" ? dollars(requests) : null,
  };
}

function perMillion(price: ModelPrice[string]): PricePerMillion | null {
  if (price === undefined) return null;
  if (typeof price === "number") return [{ fromTokens: 0, dollars: dollars(price) }];
  return [
    { fromTokens: 0, dollars: dollars(price.base) },
    ...price.tiers.map((tier) => ({ fromTokens: tier.start, dollars: dollars(tier.price) })),
  ];
}

/** The package's number as a decimal with at most nine places and no exponent. */
function dollars(amount: number): string {
  return amount.toFixed(9).replace(/\.?0+$/, "");
}
