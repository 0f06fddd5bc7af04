import { masterKeyBytes, seal, unseal } from "../../crypto/seal.ts";
import { env } from "../../env.ts";

/** Seals what a group's webhook is signed with for its row. */
export function sealWebhookSecret(groupId: string, secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(seal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), secret, ["nodeGroup", groupId]));
}

/** Opens it again, to sign. Throws when the row or the master key is another one. */
export function openWebhookSecret(groupId: string, sealed: Uint8Array): string {
  return unseal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), sealed, ["nodeGroup", groupId]);
}
