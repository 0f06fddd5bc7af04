import type { Call } from "./call.ts";
import type { PipelineParts } from "./parts.ts";
import { usageEventOf } from "./usage-event.ts";

/**
 * Writes down how a call ended: in the pipeline's `finally`, so that refusals, failures and disconnects are there too.
 * Refusals are recorded within a bound and counted beyond it, or anybody could fill the disk. A call that has a ticket is
 * always recorded.
 */
export function meter(call: Call, parts: PipelineParts): void {
  try {
    const event = usageEventOf(call, parts.monotonicMs() - call.startedMs);
    const isRecorded =
      call.ticket !== null || call.outcome !== "denied" || parts.mayRecordDenial(call.consumer?.id ?? null);
    if (isRecorded) parts.spool.outcome(event, call.ticket);
    parts.onFinished(call);
  } catch (error) {
    parts.onStageError("meter", error);
  }
}
