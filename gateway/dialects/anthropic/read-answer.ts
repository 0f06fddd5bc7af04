import type { AnswerPart, GenerationAnswer } from "../generation.ts";
import { fieldOf, isObject, textOf } from "../json-fields.ts";
import { readStopReason } from "./stop-reason.ts";
import { readAnthropicUsage } from "./usage.ts";

/** A block that is none of these came from a tool the vendor runs, which a translated request never asks for. */
function readBlock(block: unknown): AnswerPart[] {
  switch (fieldOf(block, "type")) {
    case "text":
      return [{ kind: "text", text: textOf(block, "text") ?? "" }];
    case "thinking": {
      const signature = textOf(block, "signature");
      const text = textOf(block, "thinking") ?? "";
      return [{ kind: "reasoning", text, signature: signature === "" ? null : signature, redacted: null }];
    }
    case "redacted_thinking":
      return [{ kind: "reasoning", text: "", signature: null, redacted: textOf(block, "data") ?? "" }];
    case "tool_use": {
      const argumentsJson = JSON.stringify(fieldOf(block, "input") ?? {});
      const [id, name] = [textOf(block, "id") ?? "", textOf(block, "name") ?? ""];
      return [{ kind: "tool_call", id, name, argumentsJson, signature: null }];
    }
    default:
      return [];
  }
}

/** Reads the answer of `POST /v1/messages`; null when it is none. */
export function readAnthropicAnswer(body: unknown): GenerationAnswer | null {
  if (!isObject(body) || !Array.isArray(body.content)) return null;
  const stop = readStopReason(body.stop_reason);
  const parts = body.content.flatMap(readBlock);
  const choice = { parts, stop, stopSequence: textOf(body, "stop_sequence") };
  return { id: textOf(body, "id"), choices: [choice], usage: readAnthropicUsage(body.usage) };
}

/** The message of `{"type":"error","error":{"type","message"}}`. */
export function readAnthropicError(body: unknown): string | null {
  return textOf(fieldOf(body, "error"), "message");
}
