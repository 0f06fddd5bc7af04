import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";
import { CredentialKind, checkSecret, SecretInput } from "../upstream/schemas.ts";

export const CredentialInput = z
  .strictObject({
    upstreamId: Id,
    name: DisplayName.default("default"),
    kind: CredentialKind,
    secret: SecretInput,
  })
  .check(checkSecret);
/** A new secret replaces the old one on every node at once; the old one cannot be read back. */
export const CredentialPatch = z.strictObject({ name: DisplayName, secret: SecretInput.optional() });
export const CredentialView = z.object({
  id: Id,
  upstreamId: Id,
  /** Null when the draft has no such upstream any more; the active revision may. */
  upstreamName: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  last4: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type CredentialView = z.infer<typeof CredentialView>;
export const CredentialPage = pageOf(CredentialView);
export const CredentialListInput = PageInput.extend({ upstreamId: Id.optional() });
