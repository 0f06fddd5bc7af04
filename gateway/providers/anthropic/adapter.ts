import { anthropicUpstream } from "#gateway/dialects/anthropic/dialect.ts";
import { keyHeader } from "../authorize.ts";
import { makeAdapter } from "../make-adapter.ts";

/** The version of the API that answers to callers who name none. */
export const ANTHROPIC_VERSION = ["anthropic-version", "2023-06-01"] as const;

export const anthropic = makeAdapter({
  kind: "anthropic",
  endpoints: { messages: "/v1/messages", "messages.count_tokens": "/v1/messages/count_tokens" },
  headers: ANTHROPIC_VERSION,
  translation: { dialect: anthropicUpstream, path: "/v1/messages", streamPath: "/v1/messages", headers: [] },
  authorize: keyHeader("x-api-key"),
});
