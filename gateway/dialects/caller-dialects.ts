import type { ForwardedAction } from "#lib/contract/action.ts";
import { anthropicCaller } from "./anthropic/dialect.ts";
import type { CallerDialect } from "./dialect.ts";
import { geminiCaller } from "./gemini/dialect.ts";
import { openaiChatCaller } from "./openai-chat/dialect.ts";
import { openaiCompletionsCaller } from "./openai-completions/dialect.ts";
import { openaiResponsesCaller } from "./openai-responses/dialect.ts";

/** The dialect each generation is asked in: an action that is not here is never translated. */
export const CALLER_DIALECTS: Readonly<Partial<Record<ForwardedAction, CallerDialect>>> = {
  "chat.completions": openaiChatCaller,
  completions: openaiCompletionsCaller,
  responses: openaiResponsesCaller,
  messages: anthropicCaller,
  generate_content: geminiCaller,
  stream_generate_content: geminiCaller,
};
