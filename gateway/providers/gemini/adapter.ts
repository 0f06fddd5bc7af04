import { geminiEmbeddingUpstream } from "#gateway/dialects/embedding-gemini.ts";
import { geminiUpstream } from "#gateway/dialects/gemini/dialect.ts";
import { openaiUsage } from "#gateway/dialects/usage-reader.ts";
import { bearer, keyHeader } from "../authorize.ts";
import { makeAdapter } from "../make-adapter.ts";

const goog = keyHeader("x-goog-api-key");
/** Below it the API speaks OpenAI's dialect, and wants the key as OpenAI does. */
const OPENAI_ROOT = "/v1beta/openai";

export const gemini = makeAdapter({
  kind: "gemini",
  endpoints: {
    generate_content: "/v1beta/models/{model}:generateContent",
    stream_generate_content: "/v1beta/models/{model}:streamGenerateContent?alt=sse",
    embed_content: "/v1beta/models/{model}:embedContent",
    embeddings: `${OPENAI_ROOT}/embeddings`,
  },
  translation: {
    dialect: geminiUpstream,
    path: "/v1beta/models/{model}:generateContent",
    streamPath: "/v1beta/models/{model}:streamGenerateContent?alt=sse",
    headers: [],
  },
  embedding: { dialect: geminiEmbeddingUpstream, path: "/v1beta/models/{model}:batchEmbedContents" },
  authorize: (outgoing, credential, options, tools) =>
    (outgoing.path.includes(OPENAI_ROOT) ? bearer : goog)(outgoing, credential, options, tools),
  usage: { embeddings: openaiUsage },
});
