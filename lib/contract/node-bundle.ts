import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { newSecret } from "./api-key-format.ts";
import { canonicalJson } from "./canonical.ts";
import { DirectoryChange } from "./directory.ts";
import { Id, Timestamp } from "./names.ts";
import { CredentialBundle, PublicJwk, SignedRevision } from "./node-protocol.ts";

/**
 * What a new node starts from while the control plane is away: everything that a node of a group would be sent, encrypted
 * under a key of its own and signed by the control plane.
 *
 * The file: `TPB1`, the head's canonical JSON, its signature (Ed25519, base64url), each with a line feed, then 16 bytes of
 * tag and the ciphertext: AES-256-GCM of the gzipped JSON content, with the head as additional data. The key is made by the
 * control plane, never chosen: `tpb_<192 random bits>.<fingerprint of the control plane's key>`, so that whoever was given
 * it also knows whose signature to expect.
 */
const MAGIC = "TPB1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LF = 10;
const CONTENT_BYTES_MAX = 512 * 1_024 * 1_024;

export const BundleHead = z.strictObject({
  format: z.literal(1),
  id: Id,
  group: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  /** Base64url. */
  salt: z.string().max(64),
  nonce: z.string().max(32),
});
export type BundleHead = z.infer<typeof BundleHead>;

export const BundleContent = z.strictObject({
  controlKey: PublicJwk,
  epoch: z.int().min(1),
  /** With which a node that started from this joins when it can. */
  joinToken: z.string(),
  revision: SignedRevision,
  directory: z.strictObject({ cursor: z.int().min(0), changes: z.array(DirectoryChange) }),
  credentials: CredentialBundle.omit({ nodeId: true }),
});
export type BundleContent = z.infer<typeof BundleContent>;

/** Why a bundle is not taken. */
export class BundleRefused extends Error {
  readonly code: "not_a_bundle" | "wrong_key" | "bad_signature" | "expired";

  constructor(code: BundleRefused["code"], message: string) {
    super(message);
    this.name = "BundleRefused";
    this.code = code;
  }
}

/** Base64url SHA-256 of a raw public key: what join tokens and bundle keys pin. */
function fingerprint(key: PublicJwk): string {
  return createHash("sha256").update(Buffer.from(key.x, "base64url")).digest("base64url");
}

function aesKey(secret: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, "turnpike node bundle v1", 32));
}

function signedText(head: string, sealed: Buffer): string {
  const sha256 = createHash("sha256").update(sealed).digest("base64url");
  return canonicalJson({ use: "turnpike-node-bundle", head, sha256 });
}

/** Makes a bundle and the key that opens it. `sign`: the control plane's Ed25519 signature over a text, base64url. */
export function sealBundle(
  about: Omit<BundleHead, "format" | "salt" | "nonce">,
  content: BundleContent,
  sign: (text: string) => string,
): { bytes: Buffer; key: string } {
  const secret = newSecret("tpb_");
  const [salt, nonce] = [randomBytes(32), randomBytes(NONCE_BYTES)];
  const encoded = { salt: salt.toString("base64url"), nonce: nonce.toString("base64url") };
  const head = canonicalJson({ format: 1, ...about, ...encoded } satisfies BundleHead);
  const cipher = createCipheriv("aes-256-gcm", aesKey(secret, salt), nonce).setAAD(Buffer.from(head));
  const body = Buffer.concat([cipher.update(gzipSync(JSON.stringify(content))), cipher.final()]);
  const sealed = Buffer.concat([cipher.getAuthTag(), body]);
  const text = `${MAGIC}\n${head}\n${sign(signedText(head, sealed))}\n`;
  return { bytes: Buffer.concat([Buffer.from(text), sealed]), key: `${secret}.${fingerprint(content.controlKey)}` };
}

/**
 * Opens a bundle with its key. `verify`: whether a text has the signature (base64url) of a public key. Throws
 * `BundleRefused`: for what is no bundle, for another key, for a control plane's key that is not the one the bundle's key
 * names, for a signature that does not hold, and once it has expired.
 */
export function openBundle(
  bytes: Buffer,
  key: string,
  now: Date,
  verify: (key: PublicJwk, text: string, signature: string) => boolean,
): { head: BundleHead; content: BundleContent } {
  const { headText, head, signature, sealed } = readParts(bytes);
  const [secret = "", pinned = ""] = key.split(".");
  const content = decrypt(head, headText, secret, sealed);
  if (fingerprint(content.controlKey) !== pinned)
    throw new BundleRefused("wrong_key", "The bundle is of another control plane than its key.");
  if (!verify(content.controlKey, signedText(headText, sealed), signature))
    throw new BundleRefused("bad_signature", "The bundle is not signed by its control plane.");
  if (Date.parse(head.expiresAt) <= now.getTime())
    throw new BundleRefused("expired", `The bundle has expired (${head.expiresAt}). Export another one.`);
  return { head, content };
}

function readParts(bytes: Buffer): { headText: string; head: BundleHead; signature: string; sealed: Buffer } {
  const lines: string[] = [];
  let from = 0;
  while (lines.length < 3) {
    const end = bytes.indexOf(LF, from);
    if (end === -1) break;
    lines.push(bytes.toString("utf8", from, end));
    from = end + 1;
  }
  const [magic, headText = "", signature = ""] = lines;
  const head = BundleHead.safeParse(parseJson(headText));
  const sealed = bytes.subarray(from);
  if (magic !== MAGIC || lines.length < 3 || !head.success || sealed.length < TAG_BYTES)
    throw new BundleRefused("not_a_bundle", "The file is not a node bundle, or is not whole.");
  return { headText, head: head.data, signature, sealed };
}

function decrypt(head: BundleHead, headText: string, secret: string, sealed: Buffer): BundleContent {
  try {
    const nonce = Buffer.from(head.nonce, "base64url");
    const key = aesKey(secret, Buffer.from(head.salt, "base64url"));
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(headText)).setAuthTag(sealed.subarray(0, TAG_BYTES));
    const packed = Buffer.concat([decipher.update(sealed.subarray(TAG_BYTES)), decipher.final()]);
    return BundleContent.parse(JSON.parse(gunzipSync(packed, { maxOutputLength: CONTENT_BYTES_MAX }).toString()));
  } catch {
    throw new BundleRefused("wrong_key", "The bundle does not open with this key, or was changed.");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
