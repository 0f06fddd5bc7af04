import { DURATION_BINS, durationBin, durationBinEndMs } from "../../contract/latency-scale.ts";
import { callsOf, type Figures, quantileMs, slowerThanBin } from "./figures.ts";
import type { Gate } from "./schemas.ts";
import { chanceOfAtLeast, upperBound } from "./statistics.ts";

/** Of all rollouts of harmless revisions, at most this share is rolled back by chance. */
const FALSE_ALARMS = 0.01;
const MEASURES = 3;
/** The share of calls that is slower than the p95. */
const SLOW_SHARE = 0.05;
/** A difference below this is not worth a rollback, however many times faster the rest is. */
const SLOWER_MS_MIN = 50;
/** The first look at the gate; the next is due when the canary has served a fifth more. */
const FIRST_LOOK_CALLS = 8;
const LOOK_GROWTH = 1.2;

/** One measure of a gate: of the canary, of the rest, and how high it may be. Shares are 0–1, durations milliseconds. */
export interface Measured {
  measure: "errorRatio" | "rejectionRatio" | "p95LatencyMs";
  canary: number | null;
  rest: number | null;
  allowed: number | null;
  /** `worse`: by more than chance explains. `unclear`: it looks worse, and may be chance. */
  verdict: "good" | "unclear" | "worse";
}

/** What the gate says: the worst of its measures. */
export interface Judgement {
  verdict: "good" | "unclear" | "worse" | "too_few_calls";
  measures: Measured[];
}

/**
 * Compares the canary with the rest. Exact at any sample size: a measure is `worse` only when the canary's figures would
 * come up with a chance below `chance` even if the truth about the rest lay at the far end of its confidence interval
 * (Berger and Boos, JASA 89, 1994: the greatest p-value over a confidence set of the nuisance parameter).
 */
export function judge(gate: Gate, canary: Figures, rest: Figures, chance: number): Judgement {
  const admitted = (figures: Figures) => figures.ok + figures.failed;
  const half = chance / MEASURES / 2;
  const measures: Measured[] = [];
  if (gate.errorRatio !== null) {
    const hits = { canary: canary.failed, rest: rest.failed };
    const ratio = ratioMeasured(hits, { canary: admitted(canary), rest: admitted(rest) }, gate.errorRatio, half);
    measures.push({ measure: "errorRatio", ...ratio });
  }
  if (gate.rejectionRatio !== null) {
    const hits = { canary: canary.refused, rest: rest.refused };
    const ratio = ratioMeasured(hits, { canary: callsOf(canary), rest: callsOf(rest) }, gate.rejectionRatio, half);
    measures.push({ measure: "rejectionRatio", ...ratio });
  }
  if (gate.p95LatencyRatio !== null) measures.push(latencyMeasured(canary, rest, gate.p95LatencyRatio, half));
  const has = (verdict: Measured["verdict"]) => measures.some((each) => each.verdict === verdict);
  const isEnough = Math.min(callsOf(canary), callsOf(rest)) >= gate.minimumCalls;
  if (has("worse")) return { verdict: "worse", measures };
  if (!isEnough) return { verdict: "too_few_calls", measures };
  return { verdict: has("unclear") ? "unclear" : "good", measures };
}

interface Pair {
  canary: number;
  rest: number;
}

/** Whether the canary's share of hits is higher than the rest's by more than `margin`. */
function ratioMeasured(hits: Pair, calls: Pair, margin: number, chance: number): Omit<Measured, "measure"> {
  const rest = calls.rest === 0 ? null : hits.rest / calls.rest;
  const canary = calls.canary === 0 ? null : hits.canary / calls.canary;
  const allowed = rest === null ? null : Math.min(1, rest + margin);
  if (canary === null || rest === null || allowed === null || canary <= allowed)
    return { canary, rest, allowed, verdict: "good" };
  const worstTruth = Math.min(1, upperBound(hits.rest, calls.rest, chance) + margin);
  const isWorse = chanceOfAtLeast(hits.canary, calls.canary, worstTruth) < chance;
  return { canary, rest, allowed, verdict: isWorse ? "worse" : "unclear" };
}

/**
 * Whether the canary's p95 is more than `factor` times the rest's. Free of any assumption on how durations are spread: of
 * calls no slower than the rest, one in twenty exceeds the rest's p95, whose own uncertainty is bounded by order
 * statistics (Conover, Practical Nonparametric Statistics, 3rd ed., §3.2). Edges of bins round in the canary's favour.
 */
function latencyMeasured(canary: Figures, rest: Figures, factor: number, chance: number): Measured {
  const [canaryMs, restMs] = [quantileMs(canary, 1 - SLOW_SHARE), quantileMs(rest, 1 - SLOW_SHARE)];
  const allowed = restMs === null ? null : Math.max(restMs * factor, restMs + SLOWER_MS_MIN);
  const shown = { measure: "p95LatencyMs" as const, canary: canaryMs, rest: restMs, allowed };
  if (canaryMs === null || restMs === null || allowed === null || canaryMs <= allowed)
    return { ...shown, verdict: "good" };
  const boundMs = quantileBoundMs(rest, chance);
  if (boundMs === null) return { ...shown, verdict: "unclear" };
  const bin = durationBin(Math.max(boundMs * factor, boundMs + SLOWER_MS_MIN));
  const isWorse = chanceOfAtLeast(slowerThanBin(canary, bin), canary.ok, SLOW_SHARE) < chance;
  return { ...shown, verdict: isWorse ? "worse" : "unclear" };
}

/** A duration that the true p95 does not exceed, but for the given chance; null when there are too few calls to say. */
function quantileBoundMs(figures: Figures, chance: number): number | null {
  for (let bin = 0; bin < DURATION_BINS - 1; bin++) {
    // Were the p95 beyond this bin's end, more than one call in twenty would be: so few slow ones are rarer than `chance`.
    const slow = slowerThanBin(figures, bin);
    if (1 - chanceOfAtLeast(slow + 1, figures.ok, SLOW_SHARE) < chance) return durationBinEndMs(bin);
  }
  return null;
}

/**
 * Whether the gate may be asked now, and what chance of a false alarm this look may spend. Asked again and again, a test
 * finds something sooner or later: so the k-th look spends 1/k(k+1) of the whole (which adds up to it, whatever the
 * number of looks: a union bound), and looks become rarer as calls add up.
 */
export function nextLook(
  { looks, nextLookCalls }: { looks: number; nextLookCalls: number },
  canaryCalls: number,
): { chance: number; looks: number; nextLookCalls: number } | null {
  if (canaryCalls < Math.max(FIRST_LOOK_CALLS, nextLookCalls)) return null;
  const look = looks + 1;
  return {
    chance: FALSE_ALARMS / (look * (look + 1)),
    looks: look,
    nextLookCalls: Math.ceil(canaryCalls * LOOK_GROWTH),
  };
}
