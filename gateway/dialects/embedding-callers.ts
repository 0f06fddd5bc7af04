import type { ForwardedAction } from "#lib/contract/action.ts";
import type { EmbeddingCaller } from "./embedding.ts";
import { geminiBatchEmbeddingCaller, geminiEmbeddingCaller } from "./embedding-gemini.ts";
import { openaiEmbeddingCaller } from "./embedding-openai.ts";

/** The dialect each kind of embedding is asked in. */
export const EMBEDDING_CALLERS: Readonly<Partial<Record<ForwardedAction, EmbeddingCaller>>> = {
  embeddings: openaiEmbeddingCaller,
  embed_content: geminiEmbeddingCaller,
  batch_embed_contents: geminiBatchEmbeddingCaller,
};
