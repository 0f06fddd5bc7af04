import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";
import { ScalingFigures, ScalingPolicy } from "../scaling/schemas.ts";

export const NodeGroupName = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, "use lower-case letters, digits and -");

/** A name as Kubernetes has them (RFC 1123 label). */
const KubernetesName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, "use lower-case letters, digits and -");

const none = z.strictObject({ kind: z.literal("none") });
const local = z.strictObject({ kind: z.literal("local") });
const kubernetes = z.strictObject({
  kind: z.literal("kubernetes"),
  namespace: KubernetesName,
  /** Whose scale is set. */
  deployment: KubernetesName,
});
const webhook = z.strictObject({
  kind: z.literal("webhook"),
  url: z.url({ protocol: /^https?$/, error: "must be an http(s) address" }).max(2_000),
  /** Lets the address be a loopback or private one; asks for a permission of its own. */
  allowPrivateNetwork: z.boolean().default(false),
});

/** Who starts and ends a group's nodes. */
export const NodeGroupDriver = z.discriminatedUnion("kind", [none, local, kubernetes, webhook]);
export type NodeGroupDriver = z.infer<typeof NodeGroupDriver>;

/** As it is written: with the secret that a webhook is signed with, which is never shown again. Left out, it stays. */
const DriverInput = z.discriminatedUnion("kind", [
  none,
  local,
  kubernetes,
  webhook.extend({ secret: z.string().min(16).max(500).optional() }),
]);

const Description = z.string().trim().max(500);

export const NodeGroupInput = z.strictObject({
  name: NodeGroupName,
  description: Description.default(""),
  driver: DriverInput.default({ kind: "none" }),
  scaling: ScalingPolicy.nullable().default(null),
});
/** What of a group can change: nodes and tokens go by its name, so that stays. */
export const NodeGroupPatch = NodeGroupInput.omit({ name: true });

/** A group as its last reports and the scaler have it. */
export const NodeGroupView = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  driver: NodeGroupDriver,
  scaling: ScalingPolicy.nullable(),
  nodes: z.object({
    /** That belong to the group, whatever their state. */
    total: z.int(),
    serving: z.int(),
  }),
  /** How many nodes its driver was last told to run; null: none was told yet. */
  wantedNodes: z.int().nullable(),
  /** How busy it is, against its targets; null without a scaling policy. */
  load: ScalingFigures.nullable(),
  /** What the driver said when it was last asked. */
  observed: z
    .object({
      at: Timestamp,
      nodes: z.int().nullable(),
      problem: z.string().nullable(),
      /** Of the local driver: the run of the supervisor that it scales. */
      supervisor: z.string().nullable(),
    })
    .nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type NodeGroupView = z.infer<typeof NodeGroupView>;
export const NodeGroupPage = pageOf(NodeGroupView);

/** A change of a group's size, or why there was none. */
export const ScalingDecisionView = z.object({
  id: Id,
  at: Timestamp,
  kind: z.enum(["up", "down", "held"]),
  fromNodes: z.int(),
  toNodes: z.int(),
  reason: z.string(),
  /** For people. */
  sentence: z.string(),
  figures: ScalingFigures,
  state: z.enum(["open", "done", "failed", "replaced", "none"]),
  attempts: z.int(),
  error: z.string().nullable(),
  doneAt: Timestamp.nullable(),
});
export type ScalingDecisionView = z.infer<typeof ScalingDecisionView>;
export const ScalingDecisionPage = pageOf(ScalingDecisionView);
export const ScalingDecisionListInput = PageInput.omit({ q: true }).extend({ id: Id });
