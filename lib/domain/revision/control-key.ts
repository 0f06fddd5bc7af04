import type { KeyObject } from "node:crypto";
import { PublicJwk } from "../../contract/node-protocol.ts";
import { masterKeyBytes, seal, unseal } from "../../crypto/seal.ts";
import { newSigningKey, privateKeyFromPem } from "../../crypto/signing.ts";
import type { Tx } from "../../db/client.ts";
import { env } from "../../env.ts";

/** The one key pair with which this control plane signs revisions; join tokens pin its public half. */
const CONTROL_KEY = "control";

/** Makes the control plane's key pair at first start. */
export async function createControlKey(tx: Tx): Promise<PublicJwk> {
  const { publicKey, privatePem } = newSigningKey();
  const sealedKey = new Uint8Array(
    seal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), privatePem, ["signingKey", CONTROL_KEY]),
  );
  await tx.signingKey.create({ data: { id: CONTROL_KEY, publicKey, sealedKey } });
  return publicKey;
}

/** The public half, for nodes to verify with. */
export async function controlPublicKey(tx: Tx): Promise<PublicJwk> {
  const row = await tx.signingKey.findUniqueOrThrow({ where: { id: CONTROL_KEY } });
  return PublicJwk.parse(row.publicKey);
}

/** The private half. Throws when the master key is not the one it was sealed with. */
export async function controlPrivateKey(tx: Tx): Promise<KeyObject> {
  const row = await tx.signingKey.findUniqueOrThrow({ where: { id: CONTROL_KEY }, omit: { sealedKey: false } });
  return privateKeyFromPem(
    unseal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), row.sealedKey, ["signingKey", CONTROL_KEY]),
  );
}
