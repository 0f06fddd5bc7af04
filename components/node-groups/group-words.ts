import type { Tone } from "#components/ui/badge.tsx";
import type { NodeGroupView, ScalingDecisionView } from "#lib/domain/node-group/schemas.ts";
import { METRIC_NAMES, metricWords, SCALING_METRICS, type ScalingPolicy } from "#lib/domain/scaling/schemas.ts";

/** Who starts and ends a group's nodes, in words. */
export function driverWords(driver: NodeGroupView["driver"]): string {
  switch (driver.kind) {
    case "none":
      return "Nobody: nodes are started by hand";
    case "local":
      return "The supervisor on their machine";
    case "kubernetes":
      return `Kubernetes: ${driver.namespace}/${driver.deployment}`;
    case "webhook":
      return `A webhook: ${driver.url}`;
  }
}

/** How many nodes a group has and may have. */
export function sizeWords({ nodes, wantedNodes, scaling }: NodeGroupView): string {
  const serving = `${nodes.serving} ${nodes.serving === 1 ? "serves" : "serve"}`;
  if (scaling === null) return nodes.total === nodes.serving ? serving : `${serving}, of ${nodes.total}`;
  const range = scaling.minimum === scaling.maximum ? `${scaling.minimum}` : `${scaling.minimum} to ${scaling.maximum}`;
  return wantedNodes === null ? `${serving}, ${range} allowed` : `${serving}, ${wantedNodes} wanted, ${range} allowed`;
}

/** A scaling policy as sentences. */
export function policySentences(policy: ScalingPolicy): string[] {
  const targets = SCALING_METRICS.flatMap((metric) => {
    const target = policy.targets[metric];
    return target === null ? [] : [`${METRIC_NAMES[metric]} ${metricWords(metric, target)}`];
  });
  return [
    `Between ${policy.minimum} and ${policy.maximum} nodes.`,
    `Each is to have on average: ${targets.join(", ")}.`,
    `Nodes are added when one of these is above ${percent(policy.scaleUpAt)} of its target, at most every ${policy.cooldownUpSeconds} s.`,
    `Nodes are drained when all are below ${percent(policy.scaleDownAt)} of their targets, and fewer nodes would have been enough for ${policy.cooldownDownSeconds} s.`,
    "None is taken away while one that should report does not.",
  ];
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** What became of a decision. */
export const stateWords: Record<ScalingDecisionView["state"], string> = {
  open: "being carried out",
  done: "done",
  failed: "failed",
  replaced: "replaced by the next",
  none: "nothing to do",
};

export const stateTones: Record<ScalingDecisionView["state"], Tone> = {
  open: "info",
  done: "success",
  failed: "danger",
  replaced: "neutral",
  none: "neutral",
};
