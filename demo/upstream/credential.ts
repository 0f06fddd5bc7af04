import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const SHA256_PREFIX_CHARS = 12;

/** A key that a provider would have withdrawn: 401. */
export const REVOKED_KEY = "demo-key-revoked";
/** A key that a provider would be throttling: 429. */
export const LIMITED_KEY = "demo-key-limited";

/** The access key of a signed request (SigV4). The signature itself is not looked at. */
const SIGNED = /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)/;

/** The credential of a request from any of the four headers; empty when there is none. */
export function credentialOf(headers: IncomingHttpHeaders): string {
  const { authorization } = headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  const accessKey = authorization === undefined ? undefined : SIGNED.exec(authorization)?.[1];
  if (accessKey !== undefined) return accessKey;
  const key = headers["x-api-key"] ?? headers["api-key"] ?? headers["x-goog-api-key"];
  return typeof key === "string" ? key.trim() : "";
}

/** What the ledger may know of a credential: the start of its SHA-256. */
export function credentialFingerprint(credential: string): string {
  return hash("sha256", credential, "hex").slice(0, SHA256_PREFIX_CHARS);
}
