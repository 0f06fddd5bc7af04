import type { LimitVerdict } from "./limiter.ts";

/** A duration as OpenAI writes it: "120ms", "1.5s", "6m0s", "1h0m0s". */
export function openAiDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${Number(seconds.toFixed(3))}s`;
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  return hours > 0 ? `${hours}h${minutes}m${whole % 60}s` : `${minutes}m${whole % 60}s`;
}

/** Both header families for what the tightest limit says, as a flat list: OpenAI's, and the IETF's draft. */
export function limitHeaders(verdict: LimitVerdict, policyHeader: string): string[] {
  const { limit, remaining, resetMs } = verdict;
  return [
    "x-ratelimit-limit-requests",
    String(limit.rule.limit),
    "x-ratelimit-remaining-requests",
    String(remaining),
    "x-ratelimit-reset-requests",
    openAiDuration(resetMs),
    "ratelimit-policy",
    policyHeader,
    "ratelimit",
    `${limit.label};r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  ];
}

/** When to come again, in seconds and in milliseconds. */
export function retryHeaders(retryMs: number): string[] {
  return [
    "retry-after",
    String(Math.max(1, Math.ceil(retryMs / 1_000))),
    "retry-after-ms",
    String(Math.max(1, retryMs)),
  ];
}
