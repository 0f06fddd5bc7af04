import type { AnswerFacts, CallerDialect, RequestFacts, UpstreamDialect } from "../dialect.ts";
import type { GenerationRequest } from "../generation.ts";
import { type JsonObject, orNotCarried } from "../json-fields.ts";
import { readAnthropicAnswer, readAnthropicError } from "./read-answer.ts";
import { readAnthropicRequest } from "./read-request.ts";
import { AnthropicStreamReader } from "./stream-reader.ts";
import { AnthropicStreamWriter } from "./stream-writer.ts";
import { writeAnthropicAnswer } from "./write-answer.ts";
import { writeAnthropicRequest } from "./write-request.ts";

/**
 * Anthropic's Messages API as callers speak it. `count_tokens` is not translated: no other vendor's tokenizer counts the
 * same, and an estimate must not pass for an answer. A target without such an endpoint refuses it (400).
 */
export const anthropicCaller: CallerDialect = {
  name: "anthropic",
  paramNames: {
    toolChoice: "tool_choice",
    parallelToolCalls: "tool_choice.disable_parallel_tool_use",
    format: "output_config.format",
    maxOutputTokens: "max_tokens",
    topP: "top_p",
    topK: "top_k",
    stop: "stop_sequences",
    reasoning: "thinking",
    user: "metadata.user_id",
  },
  readRequest: (body: JsonObject, stream: boolean) => orNotCarried(readAnthropicRequest, { body, stream }),
  writeAnswer: writeAnthropicAnswer,
  streamWriter: (facts: AnswerFacts) => new AnthropicStreamWriter(facts),
};

/** Anthropic's Messages API as an upstream. */
export const anthropicUpstream: UpstreamDialect = {
  name: "anthropic",
  writeRequest: (request: GenerationRequest, facts: RequestFacts) =>
    orNotCarried(writeAnthropicRequest, { request, facts }),
  readAnswer: readAnthropicAnswer,
  streamReader: () => new AnthropicStreamReader(),
  readErrorMessage: readAnthropicError,
};
