import { type CredentialKind, secretEnding } from "../../contract/credential-kind.ts";
import { masterKeyBytes, seal } from "../../crypto/seal.ts";
import type { Tx } from "../../db/client.ts";
import { env } from "../../env.ts";
import type { Actor } from "../context.ts";
import { newId } from "../new-id.ts";
import { nextInSequence } from "../next-in-sequence.ts";
import { notifyChange } from "../notify.ts";

/** Seals a provider secret for its row; only nodes ever see it again, sealed to each of them. */
export function sealSecret(
  id: string,
  kind: CredentialKind,
  secret: string,
): { sealedSecret: Uint8Array<ArrayBuffer>; last4: string } {
  const sealed = seal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), secret, ["credential", id]);
  return { sealedSecret: new Uint8Array(sealed), last4: secretEnding(kind, secret) };
}

/** Adds a credential to an upstream. The caller has checked the permission. */
export async function addCredential(
  tx: Tx,
  actor: Actor,
  input: { upstreamId: string; name: string; kind: CredentialKind; secret: string },
) {
  const id = newId("crd");
  const { upstreamId, name, kind } = input;
  const row = await tx.credential.create({
    data: { id, upstreamId, name, kind, ...sealSecret(id, kind, input.secret), createdBy: actor.id },
  });
  await announceCredentials(tx);
  return row;
}

/** Gives the lane a new version, so that every node is sent the credentials anew. */
export async function announceCredentials(tx: Tx): Promise<void> {
  await nextInSequence(tx, "credential");
  await notifyChange(tx, "credentials");
}
