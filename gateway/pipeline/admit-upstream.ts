import { retryHeaders } from "#gateway/limits/headers.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import type { LimitVerdict } from "#lib/policy/limits/verdict.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";
import type { PipelineParts } from "./parts.ts";

function conclude(call: Call, { refusedBy, retryMs, shadowed }: LimitVerdict): Denial | null {
  if (shadowed.length > 0) {
    const shadow = shadowed.map(({ owner, words }) => `${owner}: ${words}`).join("; ");
    call.allow("limit", "shadow limits of the upstream would have refused", { shadow });
  }
  if (refusedBy === null) return null;
  return new Denial("rate_limit_exceeded", "What may be sent to the upstream is used up. Try again later.", {
    rule: `${refusedBy.owner}: ${refusedBy.words}`,
    headers: retryHeaders(retryMs),
  });
}

/** Asks the limits of the upstream that an attempt is about to be made at. Null: it is charged and may be made. */
export async function admitUpstream(call: Call, parts: PipelineParts, target: CompiledTarget): Promise<Denial | null> {
  const verdict = parts.limiter.admitAttempt(call, target.upstream);
  // One that is given at once is valid only until the next call: it must not wait for anything.
  return conclude(call, verdict instanceof Promise ? await verdict : verdict);
}
