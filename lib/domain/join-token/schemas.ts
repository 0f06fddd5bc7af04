import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { NodeGroupName } from "../node-group/schemas.ts";
import { pageOf } from "../page.ts";

/** A token for one node lasts ten minutes at most; one for several is for a group that grows by itself, and may last longer. */
export const ONE_USE_TTL_SECONDS_MAX = 600;
export const GROUP_TTL_SECONDS_MAX = 90 * 86_400;

export const JoinTokenFields = z.strictObject({
  name: DisplayName.default("node"),
  /** One that is not there yet is made, without scaling. */
  group: NodeGroupName.default("default"),
  /** How many nodes may join with it. */
  usesMax: z.int().min(1).max(10_000).default(1),
  /** How long the token may be used: at most 10 minutes for one node, at most 90 days for several. */
  ttlSeconds: z.int().min(10).max(GROUP_TTL_SECONDS_MAX).default(ONE_USE_TTL_SECONDS_MAX),
});
export const JoinTokenInput = JoinTokenFields.refine(
  ({ usesMax, ttlSeconds }) => usesMax > 1 || ttlSeconds <= ONE_USE_TTL_SECONDS_MAX,
  {
    path: ["ttlSeconds"],
    message: "A token for one node lasts at most 600 seconds. Set usesMax for one that serves several.",
  },
);

export const JoinTokenView = z.object({
  id: Id,
  name: z.string(),
  group: z.string(),
  /** `used`: no node can join with it any more, so many have. */
  state: z.enum(["unused", "in_use", "used", "expired"]),
  usesMax: z.int(),
  uses: z.int(),
  /** The node that joined last. */
  nodeId: Id.nullable(),
  expiresAt: Timestamp,
  /** When a node joined last. */
  usedAt: Timestamp.nullable(),
  createdAt: Timestamp,
});
export type JoinTokenView = z.infer<typeof JoinTokenView>;
/** The answer to making a token: the only time it is shown. It pins the control plane's key. */
export const JoinTokenIssued = JoinTokenView.extend({ secret: z.string() });
export const JoinTokenPage = pageOf(JoinTokenView);
