/** The wire format a caller speaks: it decides how requests are read and how errors are written. */
export type CallerFormat = "openai" | "anthropic" | "gemini" | "http";

/**
 * What a caller can ask for, in words that also name it in usage events, each with the format it is asked in. `models`
 * is answered by the node itself; everything else is sent on.
 */
export const GATEWAY_ACTIONS = {
  models: "openai",
  "chat.completions": "openai",
  completions: "openai",
  responses: "openai",
  embeddings: "openai",
  "images.generations": "openai",
  "images.edits": "openai",
  "images.variations": "openai",
  "audio.speech": "openai",
  "audio.transcriptions": "openai",
  "audio.translations": "openai",
  moderations: "openai",
  rerank: "openai",
  messages: "anthropic",
  "messages.count_tokens": "anthropic",
  generate_content: "gemini",
  stream_generate_content: "gemini",
  embed_content: "gemini",
  batch_embed_contents: "gemini",
  /** A REST API behind a route of kind `http`. */
  http: "http",
} as const satisfies Readonly<Record<string, CallerFormat>>;

export type GatewayAction = keyof typeof GATEWAY_ACTIONS;

/** An action that is sent on to an upstream. */
export type ForwardedAction = Exclude<GatewayAction, "models">;
