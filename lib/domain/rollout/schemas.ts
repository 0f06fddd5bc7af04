import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";

const DAY_SECONDS = 86_400;

/**
 * When a canary goes on and when it goes back. Ratios are 0–1: how much higher the canary's may be than the rest's.
 * `p95LatencyRatio`: how many times the rest's p95 the canary's may be. null leaves a measure out.
 */
export const Gate = z
  .strictObject({
    errorRatio: z.number().min(0).max(1).nullable().default(0.02),
    rejectionRatio: z.number().min(0).max(1).nullable().default(0.05),
    p95LatencyRatio: z.number().min(1).max(100).nullable().default(1.5),
    /** Calls that the canary and the rest must each have served before it is promoted. It is rolled back without waiting for them. */
    minimumCalls: z.int().min(0).max(1_000_000).default(100),
    /** How long the canary is watched at least, from the first node that runs it. */
    durationSeconds: z
      .int()
      .min(0)
      .max(7 * DAY_SECONDS)
      .default(300),
    /** Without a decision by then, from the publish on, `onTimeout` is done. */
    timeoutSeconds: z
      .int()
      .min(1)
      .max(30 * DAY_SECONDS)
      .default(3_600),
    onTimeout: z.enum(["rollback", "pause"]).default("rollback"),
  })
  .refine(({ durationSeconds, timeoutSeconds }) => timeoutSeconds >= durationSeconds, {
    message: "must not lie before the end of durationSeconds",
    path: ["timeoutSeconds"],
  });
export type Gate = z.infer<typeof Gate>;

const GroupName = z.string().trim().min(1).max(60);

const CanaryInput = z
  .strictObject({
    strategy: z.literal("canary"),
    /** Of the nodes of the groups (rounded up); all of them when only groups are named. */
    percent: z.number().gt(0).max(100).optional(),
    /** The groups whose nodes take the canary; without them, every group's. */
    group: GroupName.optional(),
    groups: z.array(GroupName).max(20).optional(),
    gate: Gate.prefault({}),
  })
  .refine(({ group, groups }) => group === undefined || groups === undefined, {
    message: "Name the groups in group or in groups, not in both.",
    path: ["group"],
  })
  .transform(({ group, groups, percent, ...rest }) => {
    const named = [...new Set(group === undefined ? (groups ?? []) : [group])];
    return { ...rest, groups: named, percent: percent ?? (named.length > 0 ? 100 : undefined) };
  })
  .refine(({ percent, groups }) => percent !== undefined && (percent < 100 || groups.length > 0), {
    message: 'A canary needs a share of the nodes below 100, or groups. To reach every node, use {"strategy":"all"}.',
    path: ["percent"],
  })
  .transform((canary) => ({ ...canary, percent: canary.percent ?? 100 }));

/** How a revision reaches the nodes. */
export const RolloutInput = z.discriminatedUnion("strategy", [
  z.strictObject({ strategy: z.literal("all") }),
  CanaryInput,
]);
export type RolloutInput = z.infer<typeof RolloutInput>;

export const RolloutState = z.enum(["running", "paused", "promoted", "rolled_back"]);
export type RolloutState = z.infer<typeof RolloutState>;

export const MeasuredView = z.object({
  measure: z.enum(["errorRatio", "rejectionRatio", "p95LatencyMs"]),
  canary: z.number().nullable(),
  rest: z.number().nullable(),
  /** How high the canary's may be. */
  allowed: z.number().nullable(),
  verdict: z.enum(["good", "unclear", "worse"]),
});

export type MeasuredView = z.infer<typeof MeasuredView>;

/** Calls since the rollout began. `errorRatio` is of those that policy let through. */
const FiguresView = z.object({
  calls: z.int(),
  failed: z.int(),
  refused: z.int(),
  errorRatio: z.number().nullable(),
  rejectionRatio: z.number().nullable(),
  p95LatencyMs: z.number().nullable(),
});
export type FiguresView = z.infer<typeof FiguresView>;

/** The canary against the rest, and what the gate says of it. */
export const RolloutFigures = z.object({
  canary: FiguresView,
  rest: FiguresView,
  verdict: z.enum(["good", "unclear", "worse", "too_few_calls"]),
  measures: z.array(MeasuredView),
});
export type RolloutFigures = z.infer<typeof RolloutFigures>;

export const RolloutEventKind = z.enum([
  "started",
  "node_applied",
  "node_rejected",
  "node_lost",
  "node_returned",
  "judged",
  "paused",
  "resumed",
  "promoted",
  "rolled_back",
]);
export type RolloutEventKind = z.infer<typeof RolloutEventKind>;

export const RolloutEventView = z.object({
  id: Id,
  at: Timestamp,
  kind: RolloutEventKind,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  detail: z.string(),
  /** What caused it, where figures did. */
  figures: RolloutFigures.nullable(),
  nodeId: z.string().nullable(),
});
export type RolloutEventView = z.infer<typeof RolloutEventView>;

export const RolloutSummary = z.object({
  id: Id,
  revision: z.int(),
  baseline: z.int(),
  percent: z.number(),
  groups: z.array(z.string()),
  gate: Gate,
  state: RolloutState,
  startedAt: Timestamp,
  /** Since when the canary is watched: the first node runs it. Pauses do not count, and move it on. */
  judgedSince: Timestamp.nullable(),
  deadlineAt: Timestamp,
  pausedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** The revision that took its place, where it was rolled back. */
  endedBy: z.int().nullable(),
  etag: z.string(),
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;

const RolloutNodeView = z.object({
  id: Id,
  name: z.string(),
  group: z.string(),
  isCanary: z.boolean(),
  /** Whether the canary is compared with it. */
  isControl: z.boolean(),
  /** `removed`: it belongs to this control plane no more. */
  state: z.enum(["starting", "serving", "draining", "offline", "removed"]),
  appliedRevision: z.int(),
  figures: FiguresView,
});
export type RolloutNodeView = z.infer<typeof RolloutNodeView>;

export const RolloutView = RolloutSummary.extend({
  /** As it stands; of a rollout that is over, as it stood when it ended. */
  figures: RolloutFigures,
  nodes: z.array(RolloutNodeView),
  /** The story, oldest first. */
  events: z.array(RolloutEventView),
});
export type RolloutView = z.infer<typeof RolloutView>;

export const RolloutPage = pageOf(RolloutSummary);
export const RolloutListInput = PageInput.omit({ q: true });
