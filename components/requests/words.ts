import { sentenceCase } from "#components/format/words.ts";
import type { Tone } from "#components/ui/badge.tsx";
import type { CallOutcome } from "#lib/contract/usage-event.ts";

/** How a call ended, in words. */
export const outcomeWords: Record<CallOutcome, string> = {
  ok: "served",
  denied: "refused",
  error: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
};

/** The tone of an ending: a refusal is policy at work, a failure is not. */
export const outcomeTones: Record<CallOutcome, Tone> = {
  ok: "success",
  denied: "warning",
  error: "danger",
  cancelled: "neutral",
  interrupted: "danger",
};

/** An error code as a heading: `rate_limit_exceeded` → "Rate limit exceeded". */
export function codeWords(code: string): string {
  const words = code.replaceAll("_", " ").replace(/\bapi\b/, "API");
  return sentenceCase(words);
}
