import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerFacts } from "../dialect.ts";
import type { AnswerPart, GenerationAnswer, GenerationRequest, MediaPart, StopReason } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { completionId } from "../openai-answer.ts";
import { responsesUsage } from "../openai-usage.ts";
import { writeReasoningItem } from "./reasoning-item.ts";

/** How a response stands: its status, and why it is incomplete where it is. */
export interface ResponseState {
  readonly status: "in_progress" | "completed" | "incomplete";
  readonly reason: "max_output_tokens" | "content_filter" | null;
}

export const IN_PROGRESS: ResponseState = { status: "in_progress", reason: null };

/** What a stop reason makes of a response. A refusal in words is a whole answer. */
export function stateOf(stop: StopReason, hasRefusal: boolean): ResponseState {
  if (stop === "length") return { status: "incomplete", reason: "max_output_tokens" };
  if (stop === "content_filter" || (stop === "refusal" && !hasRefusal)) {
    return { status: "incomplete", reason: "content_filter" };
  }
  return { status: "completed", reason: null };
}

/** What the response repeats of the request. */
function echo(request: GenerationRequest | undefined): JsonObject {
  const choice = request?.toolChoice ?? null;
  const format = request?.format ?? { kind: "text" };
  const written =
    format.kind === "schema"
      ? { type: "json_schema", name: format.name, schema: format.schema, strict: format.strict ?? false }
      : { type: format.kind === "json" ? "json_object" : "text" };
  const reasoning = request?.reasoning ?? null;
  return {
    max_output_tokens: request?.maxOutputTokens ?? null,
    parallel_tool_calls: request?.parallelToolCalls ?? true,
    reasoning: { effort: reasoning?.kind === "effort" ? reasoning.effort : null, summary: null },
    temperature: request?.temperature ?? 1,
    text: { format: written },
    tool_choice:
      choice === null ? "auto" : choice.kind === "tool" ? { type: "function", name: choice.name } : choice.kind,
    tools: (request?.tools ?? []).map(({ name, description, parameters, strict }) => ({
      type: "function",
      name,
      description,
      parameters,
      strict: strict ?? false,
    })),
    top_p: request?.topP ?? 1,
    user: request?.user ?? null,
  };
}

/** The response object in one of its states. */
export function responseObject(
  facts: AnswerFacts,
  id: string | null,
  state: ResponseState,
  output: readonly unknown[],
  usage: TokenUsage | null,
): JsonObject {
  return {
    id: completionId(id, "resp_", facts),
    object: "response",
    created_at: facts.createdSeconds,
    status: state.status,
    background: false,
    error: null,
    incomplete_details: state.reason === null ? null : { reason: state.reason },
    instructions: null,
    metadata: {},
    model: facts.model,
    output,
    previous_response_id: null,
    store: false,
    truncation: "disabled",
    usage: usage === null ? null : responsesUsage(usage),
    ...echo(facts.request),
  };
}

function writeContent(part: Extract<AnswerPart, { kind: "text" | "refusal" }>): JsonObject {
  if (part.kind === "refusal") return { type: "refusal", refusal: part.text };
  return { type: "output_text", text: part.text, annotations: [], logprobs: [] };
}

/** As OpenAI has an image that its own tool made: the bytes in base64. */
function writeImageItem({ source }: MediaPart, id: string): JsonObject {
  const result = source.kind === "base64" ? source.data : source.url;
  return { id, type: "image_generation_call", status: "completed", result };
}

/** The output items of a whole answer, in the order of its parts; words that follow one another are one message. */
export function outputItems(parts: readonly AnswerPart[], facts: AnswerFacts, state: ResponseState): JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | null = null;
  const suffix = facts.callId.replace(/^req_/, "");
  const status = state.status;
  for (const part of parts) {
    const id = `${suffix}${items.length}`;
    if (part.kind === "text" || part.kind === "refusal") {
      if (content === null) {
        content = [];
        items.push({ id: `msg_${id}`, type: "message", status, role: "assistant", content });
      }
      content.push(writeContent(part));
      continue;
    }
    content = null;
    if (part.kind === "reasoning") items.push(writeReasoningItem(part, `rs_${id}`));
    else if (part.kind === "tool_call") {
      const { id: call_id, name, argumentsJson } = part;
      items.push({ id: `fc_${id}`, type: "function_call", status, call_id, name, arguments: argumentsJson });
    } else items.push(writeImageItem(part, `ig_${id}`));
  }
  return items;
}

/** Writes a whole `response`. */
export function writeAnswer(answer: GenerationAnswer, facts: AnswerFacts): JsonObject {
  const [choice] = answer.choices;
  const parts = choice?.parts ?? [];
  const state = stateOf(
    choice?.stop ?? "other",
    parts.some((part) => part.kind === "refusal"),
  );
  return responseObject(facts, answer.id, state, outputItems(parts, facts, state), answer.usage);
}
