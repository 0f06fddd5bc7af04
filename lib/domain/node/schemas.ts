import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { Rejection, Utilisation } from "../../contract/node-protocol.ts";
import { PageInput, pageOf } from "../page.ts";

export const NodeView = z.object({
  id: Id,
  name: z.string(),
  group: z.string(),
  /** `offline`: no report for longer than three report periods. */
  state: z.enum(["starting", "serving", "draining", "offline"]),
  isDraining: z.boolean(),
  version: z.string(),
  appliedRevision: z.int(),
  wantedRevision: z.int(),
  rejected: Rejection.nullable(),
  directoryCursor: z.int(),
  directoryHead: z.int(),
  credentialVersion: z.int(),
  utilisation: Utilisation.nullable(),
  /** How far the node's clock is ahead of the control plane's, in milliseconds. */
  clockSkewMs: z.int().nullable(),
  joinedAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  /** Of what a person may change, not of what the node reports. */
  etag: z.string(),
});
export type NodeView = z.infer<typeof NodeView>;
export const NodePage = pageOf(NodeView);
export const NodeListInput = PageInput.extend({ group: z.string().max(60).optional() });
export const NodePatch = z.strictObject({ name: DisplayName, isDraining: z.boolean() });
