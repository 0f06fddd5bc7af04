import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * The encrypted container of a backup: a passphrase, and a stream of any length in bounded memory. Chunks of 64 KiB are
 * sealed with AES-256-GCM under nonces that count and mark the last one (the STREAM construction of Hoang, Reyhanitabar,
 * Rogaway and Vizár, 2015), so that a chunk that is changed, left out, repeated or moved, and an end that is cut off or
 * added to, are all noticed. The key comes from the passphrase by scrypt (RFC 7914).
 *
 * Layout: magic (18) ‖ log2 N (1) ‖ r (1) ‖ p (1) ‖ salt (16) ‖ check (16) ‖ chunks of ciphertext (65,536; the last one
 * shorter or equal) and tag (16). `check` is an HMAC over what is before it, by which a wrong passphrase is told from damage.
 */
const MAGIC = Buffer.from("TURNPIKE BACKUP 1\n", "ascii");
const SALT_BYTES = 16;
const CHECK_BYTES = 16;
const PARAMETERS_AT = MAGIC.length;
const CHECK_AT = PARAMETERS_AT + 3 + SALT_BYTES;
const HEADER_BYTES = CHECK_AT + CHECK_BYTES;
const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;

/** 128 MiB and about half a second for each guess of a passphrase. */
const COST = { logN: 17, r: 8, p: 1 };
const COST_MAX = { logN: 20, r: 16, p: 4 };

/** Why a backup cannot be read, as one sentence for the person who gave it. */
export class BackupRefused extends Error {}

interface Keys {
  chunk: Buffer;
  header: Buffer;
}

/** Encrypts a stream. The first bytes it yields are the header. */
export async function* sealed(
  source: AsyncIterable<Uint8Array>,
  passphrase: string,
  cost = COST,
): AsyncGenerator<Buffer> {
  const start = Buffer.concat([MAGIC, Buffer.of(cost.logN, cost.r, cost.p), randomBytes(SALT_BYTES)]);
  const keys = await deriveKeys(passphrase, start);
  const header = Buffer.concat([start, checkOf(keys, start)]);
  yield header;
  let counter = 0;
  for await (const { bytes, isLast } of pieces(source, CHUNK_BYTES)) {
    const cipher = createCipheriv("aes-256-gcm", keys.chunk, nonceOf(counter++, isLast)).setAAD(header);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

/** Decrypts what `sealed` made, chunk by authenticated chunk. Throws `BackupRefused` at the first thing that is wrong. */
export async function* opened(source: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const reader = source[Symbol.asyncIterator]();
  const { header, rest } = await readHeader(reader);
  const start = header.subarray(0, CHECK_AT);
  const keys = await deriveKeys(passphrase, start);
  if (!timingSafeEqual(checkOf(keys, start), header.subarray(CHECK_AT)))
    throw new BackupRefused("The passphrase is wrong, or the beginning of the backup is damaged.");
  let counter = 0;
  for await (const { bytes, isLast } of pieces(following(rest, reader), CHUNK_BYTES + TAG_BYTES)) {
    yield openChunk(keys, header, bytes, nonceOf(counter++, isLast));
  }
}

function openChunk(keys: Keys, header: Buffer, bytes: Buffer, nonce: Buffer): Buffer {
  if (bytes.length < TAG_BYTES) throw damaged();
  const decipher = createDecipheriv("aes-256-gcm", keys.chunk, nonce, { authTagLength: TAG_BYTES }).setAAD(header);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw damaged();
  }
}

function damaged(): BackupRefused {
  return new BackupRefused("The backup is damaged or cut off: it is not what was written.");
}

async function deriveKeys(passphrase: string, start: Buffer): Promise<Keys> {
  const [logN = 0, r = 0, p = 0] = start.subarray(PARAMETERS_AT, PARAMETERS_AT + 3);
  if (logN < 10 || logN > COST_MAX.logN || r < 1 || r > COST_MAX.r || p < 1 || p > COST_MAX.p) throw damaged();
  const salt = start.subarray(PARAMETERS_AT + 3);
  const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
  const both = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize("NFKC"), salt, 64, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
  return { chunk: both.subarray(0, 32), header: both.subarray(32) };
}

function checkOf(keys: Keys, start: Buffer): Buffer {
  return createHmac("sha256", keys.header).update(start).digest().subarray(0, CHECK_BYTES);
}

function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(counter), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

async function readHeader(reader: AsyncIterator<Uint8Array>): Promise<{ header: Buffer; rest: Buffer }> {
  let read = Buffer.alloc(0);
  while (read.length < HEADER_BYTES) {
    const part = await reader.next();
    if (part.done) break;
    read = Buffer.concat([read, part.value]);
  }
  if (!read.subarray(0, MAGIC.length).equals(MAGIC))
    throw new BackupRefused("This is not a backup of Turnpike, or of a form that this version does not read.");
  if (read.length < HEADER_BYTES) throw damaged();
  return { header: read.subarray(0, HEADER_BYTES), rest: read.subarray(HEADER_BYTES) };
}

async function* following(first: Buffer, reader: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let part = await reader.next(); !part.done; part = await reader.next()) yield part.value;
}

/** A stream cut into pieces of one size; the last one, of at most that size, is known as such. */
async function* pieces(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    held.push(part);
    length += part.length;
    if (length <= bytesMax) continue;
    let whole = Buffer.concat(held);
    while (whole.length > bytesMax) {
      yield { bytes: whole.subarray(0, bytesMax), isLast: false };
      whole = whole.subarray(bytesMax);
    }
    held = [whole];
    length = whole.length;
  }
  yield { bytes: Buffer.concat(held), isLast: true };
}
