import type { AnswerFacts } from "../dialect.ts";
import type { AnswerPart, GenerationAnswer, MediaPart, ReasoningPart } from "../generation.ts";
import { argumentsObject, type JsonObject } from "../json-fields.ts";
import { writeStop } from "./stop-reason.ts";
import { writeAnthropicUsage } from "./usage.ts";

/** An answer cannot hold media here: it is told in Markdown, which carries it whole. */
function mediaAsText({ kind, source, mediaType }: MediaPart): string {
  const url =
    source.kind === "url" ? source.url : `data:${mediaType ?? "application/octet-stream"};base64,${source.data}`;
  return kind === "image" ? `![image](${url})` : `[${kind}](${url})`;
}

/** A block of reasoning. The signature is required: empty where the model gives none. */
export function thinkingBlock({ text, signature, redacted }: Omit<ReasoningPart, "kind">): JsonObject {
  if (redacted !== null) return { type: "redacted_thinking", data: redacted };
  return { type: "thinking", thinking: text, signature: signature ?? "" };
}

/** The blocks one part becomes: a call whose signature must come back has it in a block of reasoning before it. */
function blocksOf(part: AnswerPart): JsonObject[] {
  switch (part.kind) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      return [thinkingBlock(part)];
    case "tool_call": {
      const call = { type: "tool_use", id: part.id, name: part.name, input: argumentsObject(part.argumentsJson) };
      if (part.signature === null) return [call];
      return [thinkingBlock({ text: "", signature: part.signature, redacted: null }), call];
    }
    default:
      return [{ type: "text", text: mediaAsText(part) }];
  }
}

/** The id of an answer: the upstream's own where it has one. */
export function messageId(id: string | null, facts: AnswerFacts): string {
  return id ?? `msg_${facts.callId.replace(/^req_/, "")}`;
}

/** Writes the answer of `POST /v1/messages`. */
export function writeAnthropicAnswer(answer: GenerationAnswer, facts: AnswerFacts): JsonObject {
  const [choice] = answer.choices;
  return {
    id: messageId(answer.id, facts),
    type: "message",
    role: "assistant",
    model: facts.model,
    content: (choice?.parts ?? []).flatMap(blocksOf),
    ...writeStop(choice?.stop ?? "other", choice?.stopSequence ?? null),
    usage: writeAnthropicUsage(answer.usage),
  };
}
