import { randomFillSync } from "node:crypto";

const POOL_BYTES = 10 * 400;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** A call's id: `req_` and a UUIDv7 (RFC 9562) without hyphens. Never taken from the caller. Hot path. */
export function newRequestId(nowMs: number): string {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString("hex", used, used + 10);
  const variant = "89ab"[(pool[used + 9] ?? 0) & 3] ?? "8";
  used += 10;
  const time = Math.floor(nowMs).toString(16).padStart(12, "0");
  return `req_${time}7${random.slice(0, 3)}${variant}${random.slice(3, 18)}`;
}
