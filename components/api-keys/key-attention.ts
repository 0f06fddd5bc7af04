import type { ApiKeyView } from "#lib/domain/api-key/schemas.ts";

const dayMs = 86_400_000;
const graceMs = 2 * dayMs;
const idleMs = 30 * dayMs;
const expirySoonMs = 7 * dayMs;

/** Something about a working key that somebody should look at. */
export type KeyAttention = { kind: "unused" | "idle" | "expiresSoon"; words: string };

type Looked = Pick<ApiKeyView, "state" | "createdAt" | "lastUsedAt" | "expiresAt">;

/**
 * A working key that expires within a week, was never used since it was issued two days ago or more, or has lain idle
 * for 30 days: a secret that opens doors nobody goes through is better revoked. Null for all others.
 */
export function keyAttention(key: Looked, nowMs: number): KeyAttention | null {
  if (key.state !== "active") return null;
  if (key.expiresAt !== null && Date.parse(key.expiresAt) - nowMs < expirySoonMs)
    return { kind: "expiresSoon", words: "Expires soon" };
  if (key.lastUsedAt === null)
    return nowMs - Date.parse(key.createdAt) < graceMs ? null : { kind: "unused", words: "Unused" };
  const quietMs = nowMs - Date.parse(key.lastUsedAt);
  return quietMs < idleMs ? null : { kind: "idle", words: `Idle ${Math.floor(quietMs / dayMs)} days` };
}
