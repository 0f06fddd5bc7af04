import type { HashBy, RetryReason, StrategyKind } from "#lib/contract/policy-document.ts";

const words: Record<StrategyKind, string> = {
  round_robin: "in turns",
  weighted: "by weight",
  least_connections: "by fewest calls under way",
  lowest_latency: "by lowest latency",
  priority: "by priority",
  consistent_hash: "caller by caller",
};

/** What people call a strategy. */
export function strategyWords(strategy: StrategyKind | undefined): string {
  return strategy === undefined ? "" : words[strategy];
}

/** What a call can be tried again for. */
export const retryReasonWords: Record<RetryReason, string> = {
  connect: "no connection",
  reset: "a closed connection",
  timeout: "a slow connection or first byte",
  server_error: "a server error (5xx)",
  rate_limit: "a rate limit (429)",
  credential: "a refused credential (401, 403)",
};

/** The strategies as a form offers them. */
export const strategyOptions: { value: StrategyKind; label: string; hint: string }[] = [
  { value: "round_robin", label: "In turns", hint: "Every target in service gets the same share." },
  { value: "weighted", label: "By weight", hint: "Each target gets the share that its weight says." },
  {
    value: "priority",
    label: "By priority",
    hint: "The lowest number serves, by weight; the next one only while none of it is in service.",
  },
  {
    value: "least_connections",
    label: "Fewest calls under way",
    hint: "The target with the fewest calls under way for its weight.",
  },
  {
    value: "lowest_latency",
    label: "Lowest latency",
    hint: "Of two targets drawn by weight, the one expected to answer first.",
  },
  {
    value: "consistent_hash",
    label: "Same caller, same target",
    hint: "Keeps a caller at one target, so that the provider's prompt cache is met.",
  },
];

/** What a consistent hash can go by, as a form offers it. */
export const hashByOptions: { value: HashBy; label: string; hint: string }[] = [
  { value: "user", label: "User", hint: "The call’s user field; without one, the consumer." },
  { value: "consumer", label: "Consumer", hint: "All calls of a consumer stay together." },
  { value: "key", label: "API key", hint: "All calls of an API key stay together." },
];
