import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { HealthEntry, NodeEventKind } from "../../contract/node-event.ts";
import { LimitsCounted, Rejection, Utilisation } from "../../contract/node-protocol.ts";
import { PageInput, pageOf } from "../page.ts";

/** Clocks further apart than this make expiries and rate windows doubtful. */
export const CLOCK_SKEW_MS_MAX = 2_000;

/** Something about a node that somebody should look at. */
export const NodeWarning = z.object({
  code: z.enum([
    "version_not_supported",
    "version_older",
    "version_newer",
    "fields_not_understood",
    "clock_skew",
    "epoch_ahead",
  ]),
  detail: z.string(),
});
export type NodeWarning = z.infer<typeof NodeWarning>;

export const NodeView = z.object({
  id: Id,
  name: z.string(),
  group: z.string(),
  /** `offline`: no report for longer than three report periods. */
  state: z.enum(["starting", "serving", "draining", "offline"]),
  /** It was ended in order then, and has not been started since; null: it runs, or nobody knows. */
  stoppedAt: Timestamp.nullable(),
  isDraining: z.boolean(),
  /** It has rejected two revisions, or a person said so: it takes no canary. */
  isQuarantined: z.boolean(),
  version: z.string(),
  appliedRevision: z.int(),
  wantedRevision: z.int(),
  rejected: Rejection.nullable(),
  directoryCursor: z.int(),
  directoryHead: z.int(),
  credentialVersion: z.int(),
  utilisation: Utilisation.nullable(),
  /** What was not wholly in service at its last report: targets, upstreams and credentials. */
  health: z.array(HealthEntry),
  /** How it counts rate limits; null: by itself. */
  limits: LimitsCounted.nullable(),
  /** How far the node's clock is ahead of the control plane's, in milliseconds. */
  clockSkewMs: z.int().nullable(),
  warnings: z.array(NodeWarning),
  /** When it last said that it knew all that had been told; plans may bound how long ago that is. */
  freshAt: Timestamp.nullable(),
  /** Since when it signs with its present key. */
  keyChangedAt: Timestamp.nullable(),
  joinedAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  /** Of what a person may change, not of what the node reports. */
  etag: z.string(),
});
export type NodeView = z.infer<typeof NodeView>;
export const NodePage = pageOf(NodeView);
export const NodeListInput = PageInput.extend({ group: z.string().max(60).optional() });
const Named = z.object({ id: Id, name: z.string().nullable() });

/** A change in the health of what a node calls. Names are those of now; null for what is gone. */
export const NodeEventView = z.object({
  id: Id,
  at: Timestamp,
  kind: NodeEventKind,
  reason: z.string(),
  node: Named,
  upstream: Named,
  /** Whose breaker it is; null for the upstream's own, for a credential and for a probe. */
  target: z.object({ id: Id, route: z.string().nullable(), model: z.string().nullable() }).nullable(),
  credential: Named.nullable(),
});
export type NodeEventView = z.infer<typeof NodeEventView>;
export const NodeEventPage = pageOf(NodeEventView);
export const NodeEventListInput = PageInput.omit({ q: true }).extend({ id: Id });
export const NodePatch = z.strictObject({ name: DisplayName, isDraining: z.boolean(), isQuarantined: z.boolean() });
