import type { ProviderKind, ProviderOptions } from "#lib/contract/providers.ts";
import { anthropic } from "./anthropic/adapter.ts";
import { azureOpenai } from "./azure-openai/adapter.ts";
import { bedrock } from "./bedrock/adapter.ts";
import { cohere } from "./cohere/adapter.ts";
import type { ProviderAdapter } from "./contract.ts";
import { gemini } from "./gemini/adapter.ts";
import { openai, openaiCompatible } from "./openai/adapter.ts";
import { vendor } from "./openai/vendors.ts";
import { rest } from "./rest/adapter.ts";
import { vertexAi } from "./vertex-ai/adapter.ts";

/** Every adapter this node carries: explicit, so that one look says what is compiled in. A function, where options decide. */
const ADAPTERS: Readonly<Record<ProviderKind, ProviderAdapter | ((options: ProviderOptions) => ProviderAdapter)>> = {
  openai,
  anthropic,
  gemini,
  azure_openai: azureOpenai,
  vertex_ai: vertexAi,
  bedrock,
  cohere,
  mistral: vendor("mistral"),
  deepseek: vendor("deepseek"),
  xai: vendor("xai"),
  perplexity: vendor("perplexity"),
  moonshot: vendor("moonshot"),
  alibaba: vendor("alibaba"),
  zai: vendor("zai"),
  minimax: vendor("minimax"),
  upstage: vendor("upstage"),
  cloudflare: vendor("cloudflare"),
  databricks: vendor("databricks"),
  digitalocean: vendor("digitalocean"),
  github_models: vendor("github_models"),
  nvidia_nim: vendor("nvidia_nim"),
  ovhcloud: vendor("ovhcloud"),
  scaleway: vendor("scaleway"),
  groq: vendor("groq"),
  together: vendor("together"),
  fireworks: vendor("fireworks"),
  openrouter: vendor("openrouter"),
  cerebras: vendor("cerebras"),
  sambanova: vendor("sambanova"),
  deepinfra: vendor("deepinfra"),
  hugging_face: vendor("hugging_face"),
  baseten: vendor("baseten"),
  hyperbolic: vendor("hyperbolic"),
  nebius: vendor("nebius"),
  novita: vendor("novita"),
  siliconflow: vendor("siliconflow"),
  vercel: vendor("vercel"),
  ollama: vendor("ollama"),
  vllm: vendor("vllm"),
  llama_cpp: vendor("llama_cpp"),
  lm_studio: vendor("lm_studio"),
  openai_compatible: openaiCompatible,
  rest,
};

const BY_KIND: ReadonlyMap<string, (typeof ADAPTERS)[ProviderKind]> = new Map(Object.entries(ADAPTERS));

/** The adapter of a kind with these options, or undefined: a revision that names an unknown kind is rejected. */
export function providerAdapter(kind: string, options: ProviderOptions): ProviderAdapter | undefined {
  const found = BY_KIND.get(kind);
  return typeof found === "function" ? found(options) : found;
}
