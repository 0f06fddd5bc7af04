import { hash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * `tp_` + 33 base-62 characters (192 random bits) + 6 base-62 characters of CRC-32 over what precedes them,
 * the shape GitHub uses for its own secrets, so that scanners can recognise a leaked key and a node can refuse a
 * mistyped one without a look-up.
 */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BODY_LENGTH = 33;
const CHECKSUM_LENGTH = 6;
export const API_KEY_PREFIX = "tp_";
export const API_KEY_LENGTH = API_KEY_PREFIX.length + BODY_LENGTH + CHECKSUM_LENGTH;
/** Bits of randomness in a key: enough that a plain SHA-256 at rest cannot be searched. */
export const API_KEY_BYTES = 24;

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = "";
  for (let place = 0; place < length; place++) {
    text = (ALPHABET[Number(rest % 62n)] ?? "") + text;
    rest /= 62n;
  }
  return text;
}

/** Hot path on the node: plain numbers, since 32 bits fit in six places of base 62. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = (ALPHABET[rest % 62] ?? "") + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Makes a new secret with the given prefix from 24 random bytes. */
export function newSecret(prefix: string, random: Buffer = randomBytes(API_KEY_BYTES)): string {
  const body = prefix + base62(BigInt(`0x${random.toString("hex")}`), BODY_LENGTH);
  return body + checksum(body);
}

/** Whether the text has the form of an API key and its checksum holds. Says nothing about whether it was issued. */
export function isWellFormedApiKey(text: string): boolean {
  if (text.length !== API_KEY_LENGTH || !text.startsWith(API_KEY_PREFIX)) return false;
  return checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

/** What is stored and compared instead of a secret: SHA-256 in hex. Hot path on the node. */
export function secretHash(secret: string): string {
  return hash("sha256", secret, "hex");
}
