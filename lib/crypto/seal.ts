import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/**
 * Envelope encryption of secrets at rest: each record has a data key of its own, wrapped by the master key; both layers
 * are AES-256-GCM with the record's identity as additional data, so that a sealed value cannot be moved to another row.
 *
 * Layout: format (1) ‖ key id (8) ‖ wrap nonce (12) ‖ wrapped data key (32) ‖ wrap tag (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 */
const FORMAT = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** Which row a sealed value belongs to: kind, id and, where it has one, the version. */
export type SealedFor = readonly [kind: string, id: string, ...rest: string[]];

/** Seals a text under the master key (32 bytes) for one row. */
export function seal(masterKey: Buffer, plaintext: string, owner: SealedFor): Buffer {
  const dataKey = randomBytes(KEY_BYTES);
  const header = Buffer.concat([Buffer.of(FORMAT), masterKeyId(masterKey)]);
  const wrapped = encrypt(masterKey, dataKey, Buffer.concat([header, ownerBytes(owner)]));
  return Buffer.concat([header, wrapped, encrypt(dataKey, Buffer.from(plaintext, "utf8"), ownerBytes(owner))]);
}

/** Opens what `seal` made. Throws when the key is another one, the row is another one, or a byte was changed. */
export function unseal(masterKey: Buffer, sealed: Uint8Array, owner: SealedFor): string {
  const bytes = Buffer.from(sealed);
  const header = bytes.subarray(0, 1 + KEY_ID_BYTES);
  if (
    bytes.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES ||
    bytes[0] !== FORMAT ||
    !header.subarray(1).equals(masterKeyId(masterKey))
  ) {
    throw new Error("This value was not sealed with the present master key");
  }
  const dataKey = decrypt(
    masterKey,
    bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES),
    Buffer.concat([header, ownerBytes(owner)]),
  );
  return decrypt(dataKey, bytes.subarray(HEADER_BYTES), ownerBytes(owner)).toString("utf8");
}

/** The master key of an environment: 32 bytes in base64. */
export function masterKeyBytes(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

/** By which a sealed value tells its master key from another: the beginning of a hash, which gives nothing away. */
export function masterKeyId(masterKey: Buffer): Buffer {
  return createHash("sha256").update("turnpike master key id\0").update(masterKey).digest().subarray(0, KEY_ID_BYTES);
}

function ownerBytes(owner: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(owner), "utf8");
}

function encrypt(key: Buffer, plaintext: Buffer, additional: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(additional);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, additional: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
