import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { ROLES } from "../../contract/permissions.ts";
import { PageInput, pageOf } from "../page.ts";

export const MANAGEMENT_TOKEN_PREFIX = "tpm_";

export const ManagementTokenInput = z.strictObject({
  name: DisplayName,
  role: z.enum(ROLES),
  /** When it stops working; null or absent: never. Must lie in the future. */
  expiresAt: Timestamp.nullable().default(null),
});
const State = z.enum(["active", "expired", "revoked"]);
export const ManagementTokenView = z.object({
  id: Id,
  name: z.string(),
  role: z.enum(ROLES),
  prefix: z.string(),
  last4: z.string(),
  state: State,
  expiresAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  etag: z.string(),
});
export type ManagementTokenView = z.infer<typeof ManagementTokenView>;
/** The answer to making one: the only time the secret is shown. */
export const ManagementTokenIssued = ManagementTokenView.extend({ secret: z.string() });
export const ManagementTokenPage = pageOf(ManagementTokenView);
export const ManagementTokenListInput = PageInput.extend({ state: State.optional() });
