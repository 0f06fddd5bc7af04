import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * What a node keeps on disk is encrypted to itself: AES-256-GCM under a key derived from its sealing key, bound to a
 * purpose, so that a file put in another's place does not open. Layout: magic, 12-byte nonce, 16-byte tag, ciphertext.
 */
const MAGIC = Buffer.from("TPS1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = MAGIC.length + NONCE_BYTES + TAG_BYTES;

/** Derives the storage key from the node's own X25519 private key (its JWK `d`) and id. */
export function deriveStorageKey(sealingPrivate: string, nodeId: string): Buffer {
  return Buffer.from(
    hkdfSync("sha256", Buffer.from(sealingPrivate, "base64url"), nodeId, "turnpike node storage v1", 32),
  );
}

export function sealBytes(key: Buffer, purpose: string, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), body]);
}

/** Opens what `sealBytes` made for the same purpose. Returns null for anything else, whatever is wrong with it. */
export function openBytes(key: Buffer, purpose: string, sealed: Buffer): Buffer | null {
  if (sealed.length < HEAD_BYTES || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const nonce = sealed.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  const tag = sealed.subarray(MAGIC.length + NONCE_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
