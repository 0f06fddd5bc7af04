import { openaiChatUpstream, openaiChatUpstreamOf } from "#gateway/dialects/openai-chat/dialect.ts";
import { bearer } from "./authorize.ts";
import type { ProviderAdapter, Translation } from "./contract.ts";
import type { AdapterParts, Endpoints } from "./make-adapter.ts";
import { makeAdapter } from "./make-adapter.ts";

/** Every action of OpenAI's own API that is served. */
export const OPENAI_ENDPOINTS: Endpoints = {
  "chat.completions": "/chat/completions",
  completions: "/completions",
  responses: "/responses",
  embeddings: "/embeddings",
  "images.generations": "/images/generations",
  "images.edits": "/images/edits",
  "images.variations": "/images/variations",
  "audio.speech": "/audio/speech",
  "audio.transcriptions": "/audio/transcriptions",
  "audio.translations": "/audio/translations",
  moderations: "/moderations",
};

/** How other dialects are translated for whoever speaks OpenAI's chat. */
export const CHAT_TRANSLATION: Translation = {
  dialect: openaiChatUpstream,
  path: "/chat/completions",
  streamPath: "/chat/completions",
  headers: [],
};

/** An adapter for a vendor that speaks OpenAI's dialect, at least in chat. */
export function openaiAdapter(parts: Omit<AdapterParts, "authorize"> & Partial<AdapterParts>): ProviderAdapter {
  const usage = parts.usage?.["chat.completions"];
  const translation =
    usage === undefined ? CHAT_TRANSLATION : { ...CHAT_TRANSLATION, dialect: openaiChatUpstreamOf(usage) };
  return makeAdapter({ authorize: bearer, translation, ...parts });
}
