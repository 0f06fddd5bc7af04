import { sealAudit } from "../domain/audit/index.ts";
import { log } from "../log.ts";
import type { Job } from "./job.ts";

const SWEEP_EVERY_MS = 3_600_000;

/**
 * Chains new audit entries every second. At start and once an hour it looks for unsealed ones everywhere and logs the
 * head, so that a copy of the log shows whether the chain was rewritten (`GET /audit/verify?head=`).
 */
export function sealAuditJob(): Job {
  let nextSweepMs = 0;
  return {
    name: "seal-audit",
    everyMs: 1_000,
    async run(ctx) {
      const nowMs = ctx.now().getTime();
      const everything = nowMs >= nextSweepMs;
      const { more, sequence, head } = await sealAudit(ctx, { everything });
      if (more) return "again";
      if (everything) {
        nextSweepMs = nowMs + SWEEP_EVERY_MS;
        log.info({ sequence, head }, "The audit is sealed up to here");
      }
      return "done";
    },
  };
}
