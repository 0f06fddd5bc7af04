import type { ForwardedAction } from "./action.ts";

/** Actions that are generations: every provider of models serves them, in its own dialect or translated. */
export const GENERATIONS: readonly ForwardedAction[] = [
  "chat.completions",
  "completions",
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
];

const SPEECH = ["audio.speech", "audio.transcriptions", "audio.translations"] as const;
const HEARING = ["audio.transcriptions", "audio.translations"] as const;
const PICTURES = ["images.generations", "images.edits", "images.variations"] as const;

/**
 * What each kind of provider serves beside generations, with any of its options: what the nodes' adapters have endpoints
 * for (a test compares the two). A kind that is not here serves generations only; `rest` serves none.
 */
export const PROVIDER_ACTIONS: Readonly<Record<string, readonly ForwardedAction[]>> = {
  openai: [...SPEECH, ...PICTURES, "embeddings", "moderations"],
  azure_openai: [...SPEECH, "embeddings", "images.edits", "images.generations"],
  anthropic: ["messages.count_tokens"],
  gemini: ["embed_content", "embeddings"],
  vertex_ai: ["embed_content"],
  mistral: ["audio.transcriptions", "embeddings", "moderations"],
  xai: ["images.generations"],
  cohere: ["embeddings", "rerank"],
  alibaba: ["embeddings"],
  cloudflare: ["embeddings"],
  databricks: ["embeddings"],
  upstage: ["embeddings"],
  github_models: ["embeddings"],
  nvidia_nim: ["embeddings"],
  ovhcloud: ["audio.transcriptions", "embeddings"],
  scaleway: ["audio.transcriptions", "embeddings"],
  groq: [...SPEECH],
  together: [...SPEECH, "embeddings", "images.generations", "rerank"],
  fireworks: ["embeddings", "rerank"],
  openrouter: ["embeddings"],
  ollama: ["embeddings"],
  lm_studio: ["embeddings"],
  sambanova: [...HEARING, "embeddings"],
  deepinfra: [...SPEECH, "embeddings", "images.generations"],
  nebius: ["embeddings", "images.generations"],
  novita: ["embeddings", "rerank"],
  siliconflow: ["audio.speech", "audio.transcriptions", "embeddings", "images.generations", "rerank"],
  vercel: ["embeddings"],
  vllm: [...HEARING, "embeddings", "messages.count_tokens", "rerank"],
  llama_cpp: ["embeddings", "messages.count_tokens", "rerank"],
  openai_compatible: [...SPEECH, ...PICTURES, "embeddings", "moderations", "rerank"],
};

/** What whoever serves OpenAI's embeddings is asked for by translation too. */
const EMBEDDINGS: readonly string[] = ["embed_content", "batch_embed_contents"] satisfies ForwardedAction[];

/** Whether an upstream of this kind can be asked for an action. */
export function providerServes(kind: string, action: string): boolean {
  if (kind === "rest") return action === "http";
  const served = PROVIDER_ACTIONS[kind] ?? [];
  if (EMBEDDINGS.includes(action) && served.includes("embeddings")) return true;
  return [...GENERATIONS, ...served].some((each) => each === action);
}
