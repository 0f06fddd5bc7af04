import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { NodeGroupName } from "../node-group/schemas.ts";

export const NodeBundleInput = z.strictObject({
  /** The group that nodes started from it join. */
  group: NodeGroupName.default("default"),
  /** How many nodes may join from it once the control plane is back. */
  nodesMax: z.int().min(2).max(1_000).default(10),
  /** How long nodes may start from it: it holds secrets as they are now. At most 30 days. */
  ttlSeconds: z
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(86_400),
});

/** The answer to making a bundle: the only time that its key is shown, and the only time it is given. */
export const NodeBundleIssued = z.object({
  id: Id,
  group: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  revision: z.int(),
  /** Delete it to let no further node join from this bundle. */
  joinTokenId: Id,
  fileName: z.string(),
  bytes: z.int(),
  /** What opens it. Keep it apart from the file. */
  key: z.string(),
  /** The file, in base64. */
  bundle: z.string(),
});
export type NodeBundleIssued = z.infer<typeof NodeBundleIssued>;
