import type { KeyObject } from "node:crypto";
import { PublicJwk } from "../../contract/node-protocol.ts";
import { masterKeyBytes, seal, unseal } from "../../crypto/seal.ts";
import { newSigningKey, privateKeyFromPem } from "../../crypto/signing.ts";
import type { Database, Tx } from "../../db/client.ts";
import { env } from "../../env.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../transaction.ts";

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

const inMemory = new WeakMap<Database, Promise<KeyObject>>();

/** The private half, read once a process: it never changes, and every answer to a node is signed with it. */
export function controlKeyInMemory(ctx: Context): Promise<KeyObject> {
  const known = inMemory.get(ctx.database);
  if (known) return known;
  const reading = inTransaction(ctx, controlPrivateKey);
  inMemory.set(ctx.database, reading);
  reading.catch(() => inMemory.delete(ctx.database));
  return reading;
}
