import { z } from "zod";
import { Id, Timestamp } from "./names.ts";

/** What can change about the health of what a node calls. */
export const NodeEventKind = z.enum([
  "breaker_opened",
  "breaker_half_open",
  "breaker_closed",
  "credential_parked",
  "credential_returned",
  "probe_failed",
  "probe_passed",
]);
export type NodeEventKind = z.infer<typeof NodeEventKind>;

/** One change, as the node that saw it reports it: sent until the control plane has it, stored once by its id. */
export const NodeEvent = z.strictObject({
  id: Id,
  at: Timestamp,
  kind: NodeEventKind,
  upstreamId: Id,
  /** The target whose breaker it is; null for the upstream's own, for a credential and for a probe. */
  targetId: Id.nullable(),
  credentialId: Id.nullable(),
  /** In words: "5 failures in a row, the last: status 503". Never anything an upstream wrote. */
  reason: z.string().max(200),
});
export type NodeEvent = z.infer<typeof NodeEvent>;

/** Something that is not wholly in service at a node. What is well is not listed. */
export const HealthEntry = z.strictObject({
  subject: z.enum(["target", "upstream", "credential"]),
  id: Id,
  upstreamId: Id,
  /** `resting`: a credential that was refused. `limited`: the upstream's own rate limit. `slow_start`: back, with less than its share. */
  state: z.enum(["open", "half_open", "slow_start", "resting", "limited"]),
  since: Timestamp,
  /** When a call is tried again, or the full share is reached; null where a trial is under way. */
  until: Timestamp.nullable(),
  reason: z.string().max(200),
});
export type HealthEntry = z.infer<typeof HealthEntry>;

/** Most entries of each kind in one report. */
export const REPORTED_EVENTS_MAX = 200;
export const REPORTED_HEALTH_MAX = 500;
