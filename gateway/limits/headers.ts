import type { CallerFormat } from "#lib/contract/action.ts";
import type { LimitVerdict, Tightest } from "#lib/policy/limits/verdict.ts";

/** A duration as OpenAI writes it: "120ms", "1.5s", "6m0s", "1h0m0s". */
export function openAiDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${Math.round(ms) / 1_000}s`;
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  return hours > 0 ? `${hours}h${minutes}m${whole % 60}s` : `${minutes}m${whole % 60}s`;
}

const OPENAI = {
  requests: ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
  tokens: ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
} as const;
const ANTHROPIC = {
  requests: [
    "anthropic-ratelimit-requests-limit",
    "anthropic-ratelimit-requests-remaining",
    "anthropic-ratelimit-requests-reset",
  ],
  tokens: [
    "anthropic-ratelimit-tokens-limit",
    "anthropic-ratelimit-tokens-remaining",
    "anthropic-ratelimit-tokens-reset",
  ],
} as const;

/** `RateLimit` (draft-ietf-httpapi-ratelimit-headers): what remains of a limit, and in how many seconds it is whole again. */
function rateLimitItem({ limit, remaining, resetMs }: Tightest): string {
  return `${limit?.label};r=${remaining};t=${Math.ceil(resetMs / 1_000)}`;
}

function push(
  headers: string[],
  tightest: Tightest,
  metric: "requests" | "tokens",
  format: CallerFormat,
  nowMs: number,
) {
  const { limit, remaining, resetMs } = tightest;
  if (limit === null) return;
  const figure = String(limit.limit);
  const left = String(remaining);
  const [limitName, remainingName, resetName] = OPENAI[metric];
  headers.push(limitName, figure, remainingName, left, resetName, openAiDuration(resetMs));
  if (format !== "anthropic") return;
  const names = ANTHROPIC[metric];
  headers.push(names[0], figure, names[1], left, names[2], new Date(nowMs + resetMs).toISOString());
}

/**
 * What the tightest limit of calls and the tightest of tokens say, as a flat list: OpenAI's headers, the IETF draft's, and
 * Anthropic's for who calls in that format. `policies` are the constants of plan and route; `nowMs` is since 1970.
 */
export function limitHeaders(
  { requests, tokens }: LimitVerdict,
  policies: readonly [string, string],
  format: CallerFormat,
  nowMs: number,
): string[] {
  if (requests.limit === null && tokens.limit === null) return [];
  const headers: string[] = [];
  push(headers, requests, "requests", format, nowMs);
  push(headers, tokens, "tokens", format, nowMs);
  const [plan, route] = policies;
  headers.push("ratelimit-policy", plan === "" || route === "" ? plan + route : `${plan}, ${route}`);
  if (requests.limit === null) headers.push("ratelimit", rateLimitItem(tokens));
  else if (tokens.limit === null) headers.push("ratelimit", rateLimitItem(requests));
  else headers.push("ratelimit", `${rateLimitItem(requests)}, ${rateLimitItem(tokens)}`);
  return headers;
}

/** When to come again, in seconds and in milliseconds. */
export function retryHeaders(retryMs: number): string[] {
  return [
    "retry-after",
    String(Math.max(1, Math.ceil(retryMs / 1_000))),
    "retry-after-ms",
    String(Math.max(1, Math.ceil(retryMs))),
  ];
}
