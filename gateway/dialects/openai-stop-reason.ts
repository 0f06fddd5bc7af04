import type { AnswerPart, StopReason } from "./generation.ts";

const READ: ReadonlyMap<string, StopReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["function_call", "tool_calls"],
  ["content_filter", "content_filter"],
  // What Mistral and others say where the context is full.
  ["model_length", "length"],
]);

/** Why an answer ended, by OpenAI's word. */
export function readStopReason(word: string): StopReason {
  return READ.get(word) ?? "other";
}

/** OpenAI's word. A refusal by the model counts as filtered, where it is not told as a refusal in words. */
export function writeStopReason(stop: StopReason): string {
  switch (stop) {
    case "length":
    case "tool_calls":
    case "content_filter":
      return stop;
    case "refusal":
      return "content_filter";
    default:
      return "stop";
  }
}

/** The word for a whole answer: a refusal in words ends in `stop`, as OpenAI's do. */
export function answerStopReason(stop: StopReason, parts: readonly AnswerPart[]): string {
  return stop === "refusal" && parts.some((part) => part.kind === "refusal") ? "stop" : writeStopReason(stop);
}
