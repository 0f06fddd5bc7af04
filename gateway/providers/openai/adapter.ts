import { OPENAI_ENDPOINTS, openaiAdapter } from "../openai-dialect.ts";

export const openai = openaiAdapter({ kind: "openai", endpoints: OPENAI_ENDPOINTS });
/** Any server that speaks OpenAI's dialect under a base URL of its own. */
export const openaiCompatible = openaiAdapter({
  kind: "openai_compatible",
  endpoints: { ...OPENAI_ENDPOINTS, rerank: "/rerank" },
});
