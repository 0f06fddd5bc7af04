import { calcPrice, findProvider, type ModelInfo, type ModelPrice } from "@pydantic/genai-prices";
import packageJson from "../../../package.json" with { type: "json" };
import type { PriceDocument, PricePerMillion } from "../../contract/policy-document.ts";
import type { ProviderKind } from "../../contract/providers.ts";

/**
 * Prices come from a maintained package, never from a list of our own. A provider of ours maps to the package's. Null: the
 * package has no list for it, so that its models are unpriced until an admin gives them a price; what one runs oneself costs
 * what one's own machines cost.
 */
const PRICED_AS: Readonly<Record<ProviderKind, string | null>> = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  mistral: "mistral",
  deepseek: "deepseek",
  xai: "x-ai",
  cohere: "cohere",
  perplexity: "perplexity",
  moonshot: "moonshotai",
  alibaba: null,
  zai: "zai",
  minimax: "minimax",
  upstage: null,
  azure_openai: "azure",
  vertex_ai: "google",
  bedrock: "aws",
  cloudflare: "cloudflare",
  databricks: null,
  digitalocean: null,
  github_models: null,
  nvidia_nim: null,
  ovhcloud: "ovhcloud",
  scaleway: null,
  groq: "groq",
  together: "together",
  fireworks: "fireworks",
  openrouter: "openrouter",
  cerebras: "cerebras",
  sambanova: null,
  deepinfra: null,
  hugging_face: null,
  baseten: null,
  hyperbolic: null,
  nebius: null,
  novita: "novita",
  siliconflow: null,
  vercel: null,
  ollama: null,
  vllm: null,
  llama_cpp: null,
  lm_studio: null,
  openai_compatible: null,
  rest: null,
};

const PRICED: ReadonlyMap<string, string | null> = new Map(Object.entries(PRICED_AS));

/** Names the source of the prices, as stamped on every call: the package at its pinned version. */
export const PRICE_VERSION = `genai-prices@${packageJson.dependencies["@pydantic/genai-prices"]}`;

/** The models that the price list has of a provider; none where it has no list for it. */
export function pricedModels(provider: string): readonly ModelInfo[] {
  const providerId = PRICED.get(provider);
  return providerId === undefined || providerId === null ? [] : (findProvider({ providerId })?.models ?? []);
}

/** The price of a provider's model at a time, or null when none is known. */
export function findPrice(provider: string, model: string, at: Date): PriceDocument | null {
  const providerId = PRICED.get(provider);
  if (providerId === undefined || providerId === null) return null;
  const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerId, timestamp: at });
  return found ? priceDocument(provider, model, found.model_price) : null;
}

/** The price of a model that stands in the price list: at once, unless it depends on the time. */
export function listedPrice(provider: string, { id, prices }: ModelInfo, at: Date): PriceDocument | null {
  return Array.isArray(prices) ? findPrice(provider, id, at) : priceDocument(provider, id, prices);
}

function priceDocument(provider: string, model: string, price: ModelPrice): PriceDocument {
  const requests = price["requests_kcount"];
  return {
    provider,
    model,
    input: perMillion(price["input_mtok"]),
    cachedInput: perMillion(price["cache_read_mtok"]),
    cacheWrite: perMillion(price["cache_write_mtok"]),
    output: perMillion(price["output_mtok"]),
    perThousandRequests: typeof requests === "number" ? dollars(requests) : null,
    isOverride: false,
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
