import type { StopReason } from "../generation.ts";

const READ: ReadonlyMap<unknown, StopReason> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["guardrail_intervened", "content_filter"],
  ["content_filtered", "content_filter"],
  ["refusal", "refusal"],
  ["pause_turn", "pause"],
]);

/** What Converse's word for the end of an answer means. */
export function readStopReason(reason: unknown): StopReason {
  return READ.get(reason) ?? "other";
}
