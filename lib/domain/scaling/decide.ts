import type { Utilisation } from "../../contract/node-protocol.ts";
import {
  type MetricFigure,
  SCALING_METRICS,
  type ScalingFigures,
  type ScalingMetric,
  type ScalingPolicy,
  SHARED_METRICS,
} from "./schemas.ts";

/** What the scaler remembers of a group between two looks. Times in milliseconds since 1970. */
export interface ScalingMemory {
  readonly lastUpMs: number | null;
  readonly lastDownMs: number | null;
  /** Since when fewer nodes would have been enough without a break. */
  readonly lowSinceMs: number | null;
  /** The most that would have been needed since then. */
  readonly lowPeakNodes: number | null;
}

export type HeldReason =
  | "steady"
  | "at_minimum"
  | "at_maximum"
  | "cooling_up"
  | "cooling_down"
  | "reports_missing"
  | "no_reports";
export type ScalingReason = HeldReason | "load_high" | "load_low" | "below_minimum" | "above_maximum";

export interface ScalingDecision {
  readonly kind: "up" | "down" | "held";
  readonly toNodes: number;
  readonly reason: ScalingReason;
  readonly figures: ScalingFigures;
  readonly lowSinceMs: number | null;
  readonly lowPeakNodes: number | null;
}

interface Question {
  readonly policy: ScalingPolicy;
  /** As the driver has them: those that report and those that do not. */
  readonly nodes: number;
  /** Of nodes that serve and reported a moment ago. */
  readonly reports: readonly Pick<Utilisation, ScalingMetric>[];
  readonly memory: ScalingMemory;
  readonly nowMs: number;
}

/** No more than this at once, whatever a report says: as many again, or four. */
const STEP_NODES = 4;
/** Sums of decimals are off by less. */
const ROUNDING = 1e-9;

/**
 * How many nodes a group should have. Pure.
 *
 * The formula is that of the Kubernetes HorizontalPodAutoscaler: for each metric ⌈nodes × average ÷ target⌉, the highest
 * of them, nothing within the thresholds, at most twice as many (or four more) at once, and fewer only once fewer have
 * been enough for the whole cool-down, and then the most that was needed in it (its stabilisation window). A node whose
 * report is missing counts as idle, so it never adds nodes; while one is missing none is taken away.
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
export function decideScale(question: Question): ScalingDecision {
  const { policy, nodes, memory, nowMs } = question;
  const { minimum, maximum } = policy;
  const figures = scalingFigures(policy, nodes, question.reports);
  const forget = { lowSinceMs: null, lowPeakNodes: null };
  const held = (reason: HeldReason): ScalingDecision => ({ kind: "held", toNodes: nodes, reason, figures, ...forget });
  if (nodes < minimum) return { kind: "up", toNodes: minimum, reason: "below_minimum", figures, ...forget };
  if (nodes > maximum) return { kind: "down", toNodes: maximum, reason: "above_maximum", figures, ...forget };
  if (figures.reporting === 0) return held("no_reports");
  const step = Math.max(2 * nodes, nodes + STEP_NODES);
  const wanted = Math.min(Math.max(Math.min(figures.needed, step), minimum), maximum);
  if (wanted > nodes) {
    const isCooling = isWithin(memory.lastUpMs, policy.cooldownUpSeconds, nowMs);
    return isCooling ? held("cooling_up") : { kind: "up", toNodes: wanted, reason: "load_high", figures, ...forget };
  }
  if (figures.needed > maximum) return held("at_maximum");
  if (figures.needed < nodes && figures.missing > 0) return held("reports_missing");
  if (wanted === nodes) return held(figures.needed < minimum ? "at_minimum" : "steady");
  return decideFewer(question, figures, wanted);
}

function decideFewer({ policy, nodes, memory, nowMs }: Question, figures: ScalingFigures, wanted: number) {
  const lowSinceMs = memory.lowSinceMs ?? nowMs;
  const lowPeakNodes = Math.max(memory.lowPeakNodes ?? wanted, wanted);
  const isCooling = [lowSinceMs, memory.lastUpMs, memory.lastDownMs].some((at) =>
    isWithin(at, policy.cooldownDownSeconds, nowMs),
  );
  if (!isCooling && lowPeakNodes < nodes) {
    const forget = { lowSinceMs: null, lowPeakNodes: null };
    return { kind: "down", toNodes: lowPeakNodes, reason: "load_low", figures, ...forget } as const;
  }
  return { kind: "held", toNodes: nodes, reason: "cooling_down", figures, lowSinceMs, lowPeakNodes } as const;
}

function isWithin(sinceMs: number | null, seconds: number, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs < seconds * 1_000;
}

/** How busy a group is against its targets, and how many nodes that asks for. Pure. */
export function scalingFigures(
  policy: ScalingPolicy,
  nodes: number,
  reports: readonly Pick<Utilisation, ScalingMetric>[],
): ScalingFigures {
  const counted = Math.max(1, nodes, reports.length);
  const metrics = SCALING_METRICS.flatMap((metric): MetricFigure[] => {
    const target = policy.targets[metric];
    if (target === null) return [];
    const perNode = reports.reduce((sum, report) => sum + report[metric], 0) / counted;
    const ratio = perNode / target;
    return [{ metric, perNode, target, ratio, nodes: nodesFor(policy, metric, counted, ratio) }];
  });
  return {
    nodes,
    reporting: reports.length,
    missing: Math.max(0, nodes - reports.length),
    metrics,
    needed: Math.max(1, ...metrics.map((figure) => figure.nodes)),
  };
}

function nodesFor(policy: ScalingPolicy, metric: ScalingMetric, nodes: number, ratio: number): number {
  const asked = Math.max(1, Math.ceil(nodes * ratio - ROUNDING));
  if (ratio > policy.scaleUpAt) return asked;
  if (ratio >= policy.scaleDownAt) return nodes;
  // What nodes do not share says nothing about how few are enough; the other metrics do.
  return SHARED_METRICS.has(metric) ? asked : 1;
}
