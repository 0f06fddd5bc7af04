import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { RequestFacts } from "./dialect.ts";
import type { NotCarried } from "./generation.ts";

/** Texts to be turned into vectors, between two dialects. */
export interface EmbeddingRequest {
  readonly texts: readonly string[];
  /** Numbers in each vector; null for the model's own. */
  readonly dimensions: number | null;
  readonly user: string | null;
  /** Gemini's word for what the vectors are for, and the title of a document. */
  readonly taskType: string | null;
  readonly title: string | null;
  /** Parameters only the caller's dialect knows, by the name the caller used. */
  readonly extras: ReadonlyMap<string, unknown>;
  /** How the caller wants the answer: OpenAI's base64, or Gemini's answer to a single text. */
  readonly form: "numbers" | "base64" | "single";
}

/** One vector for each text, in their order. */
export interface EmbeddingAnswer {
  readonly vectors: readonly (readonly number[])[];
  /** Null where the API tells no count. */
  readonly usage: TokenUsage | null;
}

/** A dialect in which callers ask for embeddings. Nothing throws, whatever comes. */
export interface EmbeddingCaller {
  /** As in `CallerDialect`. */
  readonly paramNames: Readonly<Partial<Record<string, string>>>;
  readRequest(body: Readonly<Record<string, unknown>>): EmbeddingRequest | NotCarried;
  writeAnswer(answer: EmbeddingAnswer, form: EmbeddingRequest["form"], model: string): unknown;
}

/** A dialect in which upstreams are asked for embeddings. */
export interface EmbeddingUpstream {
  readonly name: "openai" | "gemini";
  writeRequest(request: EmbeddingRequest, facts: RequestFacts): Readonly<Record<string, unknown>> | NotCarried;
  /** Null when the body is no answer of this dialect. */
  readAnswer(body: unknown): EmbeddingAnswer | null;
  readErrorMessage(body: unknown): string | null;
}

/** The usage of a call that only has input; null where the API told no count. */
export function embeddingUsage(inputTokens: number | null): TokenUsage | null {
  if (inputTokens === null) return null;
  const none = { cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  return { inputTokens, ...none, source: "upstream" };
}
