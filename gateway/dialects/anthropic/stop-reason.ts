import type { StopReason } from "../generation.ts";

const READ: ReadonlyMap<unknown, StopReason> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["pause_turn", "pause"],
  ["refusal", "refusal"],
]);

const WRITTEN: Readonly<Record<StopReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  refusal: "refusal",
  pause: "pause_turn",
  other: "end_turn",
};

/** What Anthropic's word for the end of an answer means. */
export function readStopReason(reason: unknown): StopReason {
  return READ.get(reason) ?? "other";
}

/** The two fields that say why an answer ended. */
export function writeStop(
  stop: StopReason,
  stopSequence: string | null,
): { stop_reason: string; stop_sequence: string | null } {
  const isSequence = stop === "stop" && stopSequence !== null;
  return { stop_reason: isSequence ? "stop_sequence" : WRITTEN[stop], stop_sequence: isSequence ? stopSequence : null };
}
