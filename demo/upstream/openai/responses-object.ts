import type { Exchange } from "../exchange.ts";
import type { Choice, Generation } from "../generate.ts";
import type { JsonObject } from "../json.ts";
import { toolCallId } from "./chat.ts";

/** The output items of an answer: one message, or one item for each tool call. */
export function outputItems(exchange: Exchange, choice: Choice, status: string): JsonObject[] {
  if (choice.toolCalls.length === 0) {
    const content = [{ type: "output_text", text: choice.text, annotations: [], logprobs: [] }];
    return [{ id: `msg_${exchange.idSuffix}`, type: "message", status, role: "assistant", content }];
  }
  return choice.toolCalls.map((call, tool) => ({
    id: `fc_${exchange.idSuffix}${tool}`,
    type: "function_call",
    status,
    call_id: toolCallId(exchange, 0, tool),
    name: call.name,
    arguments: call.argumentsText,
  }));
}

/** The response object in one of its states; usage only once it has ended. */
export function responseObject(
  exchange: Exchange,
  body: JsonObject,
  status: string,
  generation?: Generation,
): JsonObject {
  const [choice] = generation?.choices ?? [];
  const { inputTokens, outputTokens } = generation ?? { inputTokens: 0, outputTokens: 0 };
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: exchange.entry.cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  return {
    id: `resp_${exchange.idSuffix}`,
    object: "response",
    created_at: exchange.createdSeconds,
    status,
    error: null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: exchange.entry.model,
    output: choice === undefined ? [] : outputItems(exchange, choice, status),
    parallel_tool_calls: body.parallel_tool_calls !== false,
    previous_response_id: null,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: "disabled",
    usage: generation === undefined || exchange.effect.omitUsage === true ? null : usage,
  };
}
