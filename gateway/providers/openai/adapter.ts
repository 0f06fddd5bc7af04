import type { ProviderOptions } from "#lib/contract/providers.ts";
import type { ProviderAdapter } from "../contract.ts";
import { OPENAI_ENDPOINTS, openaiAdapter } from "../openai-dialect.ts";

export const openai = openaiAdapter({ kind: "openai", endpoints: OPENAI_ENDPOINTS });

const compatible = openaiAdapter({ kind: "openai_compatible", endpoints: { ...OPENAI_ENDPOINTS, rerank: "/rerank" } });
const { responses: _responses, ...CHAT_ENDPOINTS } = compatible.endpoints;
const chatCompatible = openaiAdapter({ kind: "openai_compatible", endpoints: CHAT_ENDPOINTS });

/** Any server that speaks OpenAI's dialect under a base URL of its own; not all of them have responses. */
export function openaiCompatible(options: ProviderOptions): ProviderAdapter {
  return options["responses"] === "translated" ? chatCompatible : compatible;
}
