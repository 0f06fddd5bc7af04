import type { Handler } from "../handler.ts";
import { DEMO_MODELS } from "../openai/models.ts";

/** GET /v1beta/models */
export const listGeminiModels: Handler = (exchange) => {
  const models = DEMO_MODELS.map((id) => ({
    name: `models/${id}`,
    displayName: id,
    supportedGenerationMethods: ["generateContent", "countTokens", "embedContent"],
  }));
  return exchange.answer({ models }, { inputTokens: 0, outputTokens: 0 });
};
