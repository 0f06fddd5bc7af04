import type { ScalingReason } from "./decide.ts";
import { METRIC_NAMES, type MetricFigure, metricWords, type ScalingFigures } from "./schemas.ts";

/** What was decided and why, in one sentence. */
export function decisionSentence(reason: string, fromNodes: number, toNodes: number, figures: ScalingFigures): string {
  const change = `${fromNodes} → ${toNodes} nodes`;
  const busiest = figures.metrics.toSorted((a, b) => b.nodes - a.nodes || b.ratio - a.ratio)[0];
  const load = busiest === undefined ? "" : loadWords(busiest);
  const sentences: Record<ScalingReason, string> = {
    load_high: `${change}: ${load}.`,
    load_low: `${change}: ${load} for the whole cool-down.`,
    below_minimum: `${change}: fewer than the policy's minimum.`,
    above_maximum: `${change}: more than the policy's maximum.`,
    at_maximum: `Stays at ${counted(toNodes)}, the maximum; ${figures.needed} are needed: ${load}.`,
    reports_missing: `Stays at ${counted(toNodes)}: ${figures.missing} of them did not report, so none is taken away.`,
    no_reports: `Stays at ${counted(toNodes)}: none of them reported.`,
    at_minimum: `Stays at ${counted(toNodes)}, the minimum.`,
    steady: `Stays at ${counted(toNodes)}: ${load}.`,
    cooling_up: `Stays at ${counted(toNodes)}: nodes were added a moment ago.`,
    cooling_down: `Stays at ${counted(toNodes)} until the cool-down is over; ${figures.needed} would be enough now.`,
  };
  return isReason(reason, sentences) ? sentences[reason] : change;
}

function isReason(reason: string, sentences: Record<ScalingReason, string>): reason is ScalingReason {
  return Object.hasOwn(sentences, reason);
}

function loadWords({ metric, perNode, target }: MetricFigure): string {
  return `${METRIC_NAMES[metric]} was ${metricWords(metric, perNode)} a node, the target is ${metricWords(metric, target)}`;
}

function counted(nodes: number): string {
  return nodes === 1 ? "1 node" : `${nodes} nodes`;
}
