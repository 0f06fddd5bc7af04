import type { MeasuredView, RolloutFigures } from "./schemas.ts";

const NAMES_MAX = 5;

/** "a, b and c"; of many names the first few and how many more. */
export function listed(names: readonly string[]): string {
  if (names.length > NAMES_MAX) return `${names.slice(0, NAMES_MAX).join(", ")} and ${names.length - NAMES_MAX} more`;
  const last = names.at(-1) ?? "no node";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** "1 node", "2 nodes". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const NOUNS: Record<MeasuredView["measure"], string> = {
  errorRatio: "failed",
  rejectionRatio: "were refused",
  p95LatencyMs: "p95 latency",
};

/** What a measure found, for people to read: "40 % of the canary's calls failed, of the rest's 0.1 %, 2.1 % at most". */
export function measureWords({ measure, canary, rest, allowed }: MeasuredView): string {
  const shown = measure === "p95LatencyMs" ? milliseconds : percent;
  const [ours, theirs, most] = [canary, rest, allowed].map((value) => (value === null ? "unknown" : shown(value)));
  if (measure === "p95LatencyMs") return `the canary's p95 latency is ${ours}, the rest's ${theirs}, ${most} at most`;
  return `${ours} of the canary's calls ${NOUNS[measure]}, of the rest's ${theirs}, ${most} at most`;
}

/** What the gate found, as one sentence without its full stop. */
export function verdictWords({ verdict, measures, canary, rest }: RolloutFigures): string {
  if (verdict === "too_few_calls")
    return `Too few calls to say: the canary has served ${canary.calls}, the rest ${rest.calls}`;
  if (verdict === "good")
    return `The canary does no worse than the rest, in ${plural(canary.calls, "call")} against ${rest.calls}`;
  const found = measures.filter((each) => each.verdict === verdict).map(measureWords);
  const sentence = found.join("; ");
  const opened = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
  return verdict === "worse" ? opened : `${opened}; that may still be chance`;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

function milliseconds(durationMs: number): string {
  return durationMs >= 10_000 ? `${Math.round(durationMs / 100) / 10} s` : `${Math.round(durationMs)} ms`;
}
