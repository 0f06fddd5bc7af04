import type { AnswerPart, GenerationAnswer } from "../generation.ts";
import { fieldOf, isObject, listOf, textOf } from "../json-fields.ts";
import { readStopReason } from "./stop-reason.ts";
import { readBedrockUsage } from "./usage.ts";

function readReasoning(reasoning: unknown): AnswerPart {
  const redacted = textOf(reasoning, "redactedContent");
  const told = fieldOf(reasoning, "reasoningText");
  const signature = textOf(told, "signature");
  return {
    kind: "reasoning",
    text: textOf(told, "text") ?? "",
    signature: signature === "" ? null : signature,
    redacted,
  };
}

/** A block is told by its one field. Others (citations, guardrails) are never asked for. */
function readBlock(block: unknown): AnswerPart[] {
  const text = textOf(block, "text");
  if (text !== null) return [{ kind: "text", text }];
  const reasoning = fieldOf(block, "reasoningContent");
  if (reasoning !== undefined) return [readReasoning(reasoning)];
  const call = fieldOf(block, "toolUse");
  if (!isObject(call)) return [];
  const argumentsJson = JSON.stringify(fieldOf(call, "input") ?? {});
  const [id, name] = [textOf(call, "toolUseId") ?? "", textOf(call, "name") ?? ""];
  return [{ kind: "tool_call", id, name, argumentsJson, signature: null }];
}

/** Reads Converse's answer, which has no id; null when it is none. */
export function readBedrockAnswer(body: unknown): GenerationAnswer | null {
  const message = fieldOf(fieldOf(body, "output"), "message");
  if (!isObject(message)) return null;
  const parts = listOf(message, "content").flatMap(readBlock);
  const choice = { parts, stop: readStopReason(fieldOf(body, "stopReason")), stopSequence: null };
  return { id: null, choices: [choice], usage: readBedrockUsage(fieldOf(body, "usage")) };
}

/** The message of `{"message"}`, which some errors spell with a capital. */
export function readBedrockError(body: unknown): string | null {
  return textOf(body, "message") ?? textOf(body, "Message");
}
