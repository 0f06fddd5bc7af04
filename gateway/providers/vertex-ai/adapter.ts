import { anthropicUpstream } from "#gateway/dialects/anthropic/dialect.ts";
import { geminiUpstream } from "#gateway/dialects/gemini/dialect.ts";
import type { ProviderOptions } from "#lib/contract/providers.ts";
import type { ProviderAdapter } from "../contract.ts";
import { makeAdapter } from "../make-adapter.ts";
import { googleAuthorize } from "./access-token.ts";

const MODELS = "/projects/{project}/locations/{location}/publishers";
const GOOGLE = `${MODELS}/google/models/{model}`;
const ANTHROPIC = `${MODELS}/anthropic/models/{model}`;

const google = makeAdapter({
  kind: "vertex_ai",
  endpoints: {
    generate_content: `${GOOGLE}:generateContent`,
    stream_generate_content: `${GOOGLE}:streamGenerateContent?alt=sse`,
    embed_content: `${GOOGLE}:embedContent`,
  },
  translation: {
    dialect: geminiUpstream,
    path: `${GOOGLE}:generateContent`,
    streamPath: `${GOOGLE}:streamGenerateContent?alt=sse`,
    headers: [],
  },
  authorize: googleAuthorize,
});

/** Claude: the path says the model and the body the version of the API. */
const claude = makeAdapter({
  kind: "vertex_ai",
  endpoints: { messages: `${ANTHROPIC}:rawPredict` },
  streamEndpoints: { messages: `${ANTHROPIC}:streamRawPredict` },
  translation: {
    dialect: anthropicUpstream,
    path: `${ANTHROPIC}:rawPredict`,
    streamPath: `${ANTHROPIC}:streamRawPredict`,
    headers: [],
  },
  quirks: { omitsModel: true, adds: { anthropic_version: "vertex-2023-10-16" } },
  authorize: googleAuthorize,
});

/** Vertex AI, with the models of one publisher. */
export function vertexAi(options: ProviderOptions): ProviderAdapter {
  return options["publisher"] === "anthropic" ? claude : google;
}
