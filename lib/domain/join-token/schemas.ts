import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { NodeGroupName } from "../node-group/schemas.ts";
import { pageOf } from "../page.ts";

export const JoinTokenInput = z.strictObject({
  name: DisplayName.default("node"),
  /** One that is not there yet is made, without scaling. */
  group: NodeGroupName.default("default"),
  /** How long the token may be used, at most 10 minutes. */
  ttlSeconds: z.int().min(10).max(600).default(600),
});

export const JoinTokenView = z.object({
  id: Id,
  name: z.string(),
  group: z.string(),
  state: z.enum(["unused", "used", "expired"]),
  nodeId: Id.nullable(),
  expiresAt: Timestamp,
  usedAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type JoinTokenView = z.infer<typeof JoinTokenView>;
/** The answer to making a token: the only time it is shown. It pins the control plane's key. */
export const JoinTokenIssued = JoinTokenView.extend({ secret: z.string() });
export const JoinTokenPage = pageOf(JoinTokenView);
