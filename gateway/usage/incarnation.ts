import { randomBytes } from "node:crypto";

/** Names one life of a spool; sorts by the time the process started. */
export function newIncarnation(nowMs: number): string {
  return `spl_${nowMs.toString(16).padStart(12, "0")}${randomBytes(10).toString("hex")}`;
}
