import { CompactEncrypt, importJWK } from "jose";
import { type CredentialBundle, PublicJwk } from "../../contract/node-protocol.ts";
import { masterKeyBytes, unseal } from "../../crypto/seal.ts";
import type { Tx } from "../../db/client.ts";
import { env } from "../../env.ts";
import { CredentialKind } from "../upstream/schemas.ts";

/** Every upstream credential, opened. For as short a time as can be. */
export type OpenedCredentials = CredentialBundle["credentials"];

export async function openCredentials(tx: Tx): Promise<OpenedCredentials> {
  const masterKey = masterKeyBytes(env().TURNPIKE_MASTER_KEY);
  const rows = await tx.credential.findMany({ omit: { sealedSecret: false }, orderBy: { id: "asc" } });
  return rows.map((row) => ({
    id: row.id,
    upstreamId: row.upstreamId,
    kind: CredentialKind.parse(row.kind),
    secret: unseal(masterKey, row.sealedSecret, ["credential", row.id]),
  }));
}

/** Seals the credentials to one node (compact JWE, ECDH-ES over its X25519 key, A256GCM). */
export async function sealCredentials(
  credentials: OpenedCredentials,
  node: { id: string; sealingKey: unknown },
  version: number,
): Promise<string> {
  const bundle: CredentialBundle = { version, nodeId: node.id, credentials };
  const key = await importJWK(PublicJwk.parse(node.sealingKey), "ECDH-ES");
  return new CompactEncrypt(Buffer.from(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM" })
    .encrypt(key);
}
