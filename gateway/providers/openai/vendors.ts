import { xaiUsage } from "#gateway/dialects/usage-reader.ts";
import type { ProviderAdapter } from "../contract.ts";
import type { AdapterParts } from "../make-adapter.ts";
import { openaiAdapter } from "../openai-dialect.ts";

const CHAT = { "chat.completions": "/chat/completions" } as const;
const TEXT = { ...CHAT, completions: "/completions" } as const;
const EMBEDDINGS = { embeddings: "/embeddings" } as const;
const RESPONSES = { responses: "/responses" } as const;
const MESSAGES = { messages: "/messages" } as const;
const COUNTED_MESSAGES = { ...MESSAGES, "messages.count_tokens": "/messages/count_tokens" } as const;
const IMAGES = { "images.generations": "/images/generations" } as const;
const TRANSCRIPTIONS = { "audio.transcriptions": "/audio/transcriptions" } as const;
const TRANSLATIONS = { "audio.translations": "/audio/translations" } as const;
const SPEECH = { "audio.speech": "/audio/speech" } as const;
const RERANK = { rerank: "/rerank" } as const;

/** They know the bound of an answer only by its old name, and would take no notice of the new one. */
const OLD_BOUND = { renames: { max_completion_tokens: "max_tokens" } } as const;

/**
 * Vendors that speak OpenAI's dialect: what they serve, as their own documentation lists it, and where they differ.
 * Base URLs stand in `lib/contract/providers.ts`.
 */
const VENDORS = {
  mistral: {
    endpoints: { ...CHAT, ...EMBEDDINGS, ...TRANSCRIPTIONS, moderations: "/moderations" },
    quirks: { ...OLD_BOUND, takesStreamOptions: false },
  },
  deepseek: { endpoints: { ...CHAT, messages: "/anthropic/v1/messages" }, quirks: OLD_BOUND },
  xai: {
    endpoints: { ...CHAT, ...RESPONSES, ...IMAGES },
    usage: { "chat.completions": xaiUsage },
  },
  perplexity: {
    endpoints: { ...CHAT, responses: "/v1/responses" },
    quirks: { ...OLD_BOUND, takesStreamOptions: false },
  },
  moonshot: { endpoints: CHAT },
  alibaba: { endpoints: { ...CHAT, ...EMBEDDINGS, ...RESPONSES }, quirks: OLD_BOUND },
  zai: { endpoints: CHAT, quirks: OLD_BOUND },
  minimax: { endpoints: { ...CHAT, ...RESPONSES } },
  upstage: { endpoints: { ...CHAT, ...EMBEDDINGS }, quirks: OLD_BOUND },
  cloudflare: { endpoints: { ...CHAT, ...RESPONSES, ...EMBEDDINGS }, quirks: OLD_BOUND },
  databricks: { endpoints: { ...CHAT, ...EMBEDDINGS, ...RESPONSES }, quirks: OLD_BOUND },
  digitalocean: { endpoints: { ...CHAT, ...RESPONSES, ...MESSAGES } },
  github_models: { endpoints: { ...CHAT, ...EMBEDDINGS }, quirks: OLD_BOUND },
  nvidia_nim: { endpoints: { ...TEXT, ...EMBEDDINGS }, quirks: OLD_BOUND },
  ovhcloud: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...TRANSCRIPTIONS } },
  scaleway: { endpoints: { ...CHAT, ...EMBEDDINGS, ...RESPONSES, ...TRANSCRIPTIONS } },
  groq: { endpoints: { ...CHAT, ...RESPONSES, ...TRANSCRIPTIONS, ...TRANSLATIONS, ...SPEECH } },
  together: {
    endpoints: { ...TEXT, ...EMBEDDINGS, ...IMAGES, ...TRANSCRIPTIONS, ...TRANSLATIONS, ...SPEECH, ...RERANK },
    quirks: OLD_BOUND,
  },
  fireworks: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...RERANK } },
  openrouter: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...MESSAGES } },
  cerebras: { endpoints: TEXT },
  sambanova: { endpoints: { ...CHAT, ...EMBEDDINGS, ...TRANSCRIPTIONS, ...TRANSLATIONS } },
  deepinfra: { endpoints: { ...TEXT, ...EMBEDDINGS, ...IMAGES, ...TRANSCRIPTIONS, ...TRANSLATIONS, ...SPEECH } },
  hugging_face: { endpoints: { ...CHAT, ...RESPONSES } },
  baseten: { endpoints: CHAT },
  hyperbolic: { endpoints: TEXT, quirks: OLD_BOUND },
  nebius: { endpoints: { ...TEXT, ...EMBEDDINGS, ...IMAGES } },
  novita: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RERANK }, quirks: OLD_BOUND },
  siliconflow: {
    endpoints: { ...CHAT, ...EMBEDDINGS, ...RERANK, ...IMAGES, ...TRANSCRIPTIONS, ...SPEECH },
    quirks: OLD_BOUND,
  },
  vercel: { endpoints: { ...CHAT, ...EMBEDDINGS, ...RESPONSES, ...MESSAGES } },
  ollama: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...MESSAGES }, quirks: OLD_BOUND },
  vllm: {
    endpoints: {
      ...TEXT,
      ...EMBEDDINGS,
      ...RESPONSES,
      ...COUNTED_MESSAGES,
      ...RERANK,
      ...TRANSCRIPTIONS,
      ...TRANSLATIONS,
    },
  },
  llama_cpp: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...COUNTED_MESSAGES, ...RERANK } },
  lm_studio: { endpoints: { ...TEXT, ...EMBEDDINGS, ...RESPONSES, ...MESSAGES }, quirks: OLD_BOUND },
} as const satisfies Readonly<Record<string, Omit<AdapterParts, "kind" | "authorize">>>;

export type VendorKind = keyof typeof VENDORS;

/** The adapter of a vendor in the table. */
export function vendor(kind: VendorKind): ProviderAdapter {
  return openaiAdapter({ kind, ...VENDORS[kind] });
}
