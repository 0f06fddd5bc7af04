import { z } from "zod";

/** What a group is sized by, each as an average over its nodes. */
export const SCALING_METRICS = ["cpu", "inFlight", "callsPerSecond", "eventLoopDelayMs"] as const;
export type ScalingMetric = (typeof SCALING_METRICS)[number];

/**
 * Metrics that nodes share between them: twice as many nodes have half of it each. The delay of the event loop is none:
 * it tells that a node has too much, never how many nodes would be enough.
 */
export const SHARED_METRICS: ReadonlySet<ScalingMetric> = new Set(["cpu", "inFlight", "callsPerSecond"]);

const Targets = z.strictObject({
  /** Of one core. */
  cpu: z.number().min(0.05).max(0.95).nullable().default(null),
  inFlight: z.number().min(1).max(100_000).nullable().default(null),
  callsPerSecond: z.number().min(0.1).max(100_000).nullable().default(null),
  eventLoopDelayMs: z.number().min(1).max(10_000).nullable().default(null),
});

export const NODES_MAX = 1_000;

/** How many nodes a group is to have. */
export const ScalingPolicy = z
  .strictObject({
    minimum: z.int().min(1).max(NODES_MAX),
    maximum: z.int().min(1).max(NODES_MAX),
    /** What each node should have on average; at least one that nodes share. */
    targets: Targets,
    /** Times the target above which nodes are added. */
    scaleUpAt: z.number().min(1.05).max(3).default(1.1),
    /** Times the target below which nodes are taken away. */
    scaleDownAt: z.number().min(0.1).max(0.95).default(0.8),
    /** After nodes were added, no more for so long. */
    cooldownUpSeconds: z.int().min(0).max(3_600).default(30),
    /** For so long fewer nodes must have been enough, and nothing changed, before any is taken away. */
    cooldownDownSeconds: z.int().min(5).max(86_400).default(300),
  })
  .superRefine(({ minimum, maximum, targets }, issues) => {
    if (minimum > maximum)
      issues.addIssue({ code: "custom", path: ["maximum"], message: "must not be less than the minimum" });
    if (![...SHARED_METRICS].some((metric) => targets[metric] !== null))
      issues.addIssue({
        code: "custom",
        path: ["targets"],
        message: "need cpu, inFlight or callsPerSecond: the delay alone does not say how many nodes are enough",
      });
  });
export type ScalingPolicy = z.infer<typeof ScalingPolicy>;

/** One metric against its target. */
export const MetricFigure = z.object({
  metric: z.enum(SCALING_METRICS),
  /** Average of a node; one that is missing counts as idle. */
  perNode: z.number(),
  target: z.number(),
  /** How often the target goes into the average. */
  ratio: z.number(),
  /** How many nodes this metric alone asks for. */
  nodes: z.int(),
});
export type MetricFigure = z.infer<typeof MetricFigure>;

/** What a decision was made of. */
export const ScalingFigures = z.object({
  /** As the driver has them. */
  nodes: z.int(),
  /** With a report that is fresh. */
  reporting: z.int(),
  /** That should report and do not. */
  missing: z.int(),
  metrics: z.array(MetricFigure),
  /** What the metrics ask for, before minimum and maximum. */
  needed: z.int(),
});
export type ScalingFigures = z.infer<typeof ScalingFigures>;

/** A metric's name for people. */
export const METRIC_NAMES: Record<ScalingMetric, string> = {
  cpu: "CPU",
  inFlight: "calls in flight",
  callsPerSecond: "calls a second",
  eventLoopDelayMs: "event-loop delay",
};

/** A metric's value with its unit. */
export function metricWords(metric: ScalingMetric, value: number): string {
  if (metric === "cpu") return `${Math.round(value * 100)} %`;
  if (metric === "eventLoopDelayMs") return `${round(value)} ms`;
  return String(round(value));
}

function round(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}
