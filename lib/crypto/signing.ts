import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { canonicalJson } from "../contract/canonical.ts";
import type { PublicJwk } from "../contract/node-protocol.ts";

/** A new Ed25519 key pair: the public half as a JWK, the private half as PKCS#8 PEM for sealing. */
export function newSigningKey(): { publicKey: PublicJwk; privatePem: string } {
  const pair = generateKeyPairSync("ed25519");
  const { x } = pair.publicKey.export({ format: "jwk" });
  if (x === undefined) throw new Error("An Ed25519 key has no public part");
  return {
    publicKey: { kty: "OKP", crv: "Ed25519", x },
    privatePem: pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

export function privateKeyFromPem(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** Ed25519 over the canonical JSON of a value, in base64url. */
export function signJson(privateKey: KeyObject, value: unknown): string {
  return sign(null, Buffer.from(canonicalJson(value)), privateKey).toString("base64url");
}

/** Whether a signature of `signJson` holds. */
export function verifyJson(publicKey: PublicJwk, value: unknown, signature: string): boolean {
  return verify(
    null,
    Buffer.from(canonicalJson(value)),
    createPublicKey({ key: publicKey, format: "jwk" }),
    Buffer.from(signature, "base64url"),
  );
}

/** What a join token pins: SHA-256 of the raw public key, in base64url. */
export function keyFingerprint(publicKey: PublicJwk): string {
  return createHash("sha256").update(Buffer.from(publicKey.x, "base64url")).digest("base64url");
}
