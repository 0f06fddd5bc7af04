import { cohereUsage } from "#gateway/dialects/usage-reader.ts";
import { CHAT_TRANSLATION, openaiAdapter } from "../openai-dialect.ts";

const CHAT = "/compatibility/v1/chat/completions";

/** Cohere: OpenAI's dialect below a path of its own, and its own rerank, which everybody else copied. */
export const cohere = openaiAdapter({
  kind: "cohere",
  endpoints: { "chat.completions": CHAT, embeddings: "/compatibility/v1/embeddings", rerank: "/v2/rerank" },
  translation: { ...CHAT_TRANSLATION, path: CHAT, streamPath: CHAT },
  quirks: { renames: { max_completion_tokens: "max_tokens" }, takesStreamOptions: false },
  usage: { rerank: cohereUsage },
});
