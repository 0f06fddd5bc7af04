import type { CallerDialect } from "../dialect.ts";
import { readRequest } from "./read-request.ts";
import { writeAnswer } from "./response-object.ts";
import { ResponsesStreamWriter } from "./stream-writer.ts";

/** OpenAI's Responses API, as callers speak it. Nothing is kept between calls: `previous_response_id` is refused. */
export const openaiResponsesCaller: CallerDialect = {
  name: "openai_responses",
  paramNames: {
    topP: "top_p",
    maxOutputTokens: "max_output_tokens",
    parallelToolCalls: "parallel_tool_calls",
    toolChoice: "tool_choice",
    format: "text.format",
    messages: "input",
    system: "instructions",
  },
  readRequest,
  writeAnswer,
  streamWriter: (facts) => new ResponsesStreamWriter(facts),
};
