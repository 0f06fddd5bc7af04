import { z } from "zod";
import { DisplayName, Id, RouteName, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";

export const ApiKeyInput = z.strictObject({
  name: DisplayName,
  /** When the key stops working; null or absent: never. Must lie in the future. */
  expiresAt: Timestamp.nullable().default(null),
  /** Narrows what the plan allows to these routes; null or absent: no narrowing. */
  routes: z.array(RouteName).min(1).max(1_000).nullable().default(null),
});
export const ApiKeyCreate = ApiKeyInput.extend({ consumerId: Id });

export const ApiKeyView = z.object({
  id: Id,
  consumerId: Id,
  consumerName: z.string(),
  teamId: Id,
  name: z.string(),
  prefix: z.string(),
  last4: z.string(),
  state: z.enum(["active", "expired", "revoked"]),
  routes: z.array(z.string()).nullable(),
  expiresAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;
/** The answer to issuing a key: the only time the secret is shown. */
export const ApiKeyIssued = ApiKeyView.extend({ secret: z.string() });
export const ApiKeyPage = pageOf(ApiKeyView);
export const ApiKeyListInput = PageInput.extend({
  consumerId: Id.optional(),
  state: z.enum(["active", "expired", "revoked"]).optional(),
});
