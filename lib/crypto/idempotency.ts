import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/**
 * Encryption of a remembered answer. The key comes from both the caller's Idempotency-Key and the master key, so that
 * neither the database with the master key nor the database with a guessed Idempotency-Key opens it.
 * Layout: nonce (12) ‖ ciphertext ‖ tag (16), AES-256-GCM with the record's name as additional data.
 */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What the key is made from, and which record it is for. */
export interface AnswerKey {
  idempotencyKey: string;
  masterKey: Buffer;
  record: string;
}

export function sealAnswer(from: AnswerKey, plaintext: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", derive(from), nonce).setAAD(Buffer.from(from.record));
  return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]));
}

/** Throws when a key or the record is another one, or a byte was changed. */
export function openAnswer(from: AnswerKey, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv("aes-256-gcm", derive(from), bytes.subarray(0, NONCE_BYTES), options);
  decipher.setAAD(Buffer.from(from.record)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const ciphertext = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
}

function derive({ idempotencyKey, masterKey, record }: AnswerKey): Buffer {
  const info = `turnpike idempotency record ${record}`;
  return Buffer.from(hkdfSync("sha256", idempotencyKey, masterKey, info, 32));
}
