import type { StopReason } from "../generation.ts";

const READ: ReadonlyMap<unknown, StopReason> = new Map([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content_filter"],
  ["IMAGE_RECITATION", "content_filter"],
  ["CONTINUATION", "pause"],
]);

const WRITTEN: Readonly<Record<StopReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_calls: "STOP",
  content_filter: "SAFETY",
  refusal: "SAFETY",
  pause: "OTHER",
  other: "OTHER",
};

/** Why a candidate ended: this dialect has no word for calls, they stop like any answer. */
export function readFinishReason(reason: unknown, hasCalls: boolean): StopReason {
  const stop = READ.get(reason) ?? "other";
  return stop === "stop" && hasCalls ? "tool_calls" : stop;
}

export function writeFinishReason(stop: StopReason): string {
  return WRITTEN[stop];
}
