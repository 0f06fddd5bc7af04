import { openaiUsage, type UsageReader } from "#gateway/dialects/usage-reader.ts";
import type { CallerDialect, UpstreamDialect } from "../dialect.ts";
import { readAnswer, readErrorMessage, writeAnswer } from "./answer.ts";
import { readRequest } from "./read-request.ts";
import { ChatStreamReader } from "./stream-reader.ts";
import { ChatStreamWriter } from "./stream-writer.ts";
import { writeRequest } from "./write-request.ts";

/** OpenAI's chat completions, as callers speak them. */
export const openaiChatCaller: CallerDialect = {
  name: "openai_chat",
  paramNames: {
    topK: "top_k",
    topP: "top_p",
    presencePenalty: "presence_penalty",
    frequencyPenalty: "frequency_penalty",
    maxOutputTokens: "max_completion_tokens",
    parallelToolCalls: "parallel_tool_calls",
    toolChoice: "tool_choice",
    format: "response_format",
    reasoning: "reasoning_effort",
    candidates: "n",
    system: "messages",
  },
  readRequest,
  writeAnswer,
  streamWriter: (facts) => new ChatStreamWriter(facts),
};

/** Chat completions as an upstream speaks them that counts tokens in a way of its own. */
export function openaiChatUpstreamOf(usage: UsageReader): UpstreamDialect {
  return {
    name: "openai_chat",
    writeRequest,
    readAnswer: (body) => readAnswer(body, usage),
    streamReader: () => new ChatStreamReader(usage),
    readErrorMessage,
  };
}

/** OpenAI's chat completions, as upstreams speak them. */
export const openaiChatUpstream = openaiChatUpstreamOf(openaiUsage);
