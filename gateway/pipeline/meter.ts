import type { Call } from "./call.ts";
import type { PipelineParts } from "./parts.ts";
import { usageEventOf } from "./usage-event.ts";

/**
 * Writes down how a call ended: in the pipeline's `finally`, so that refusals, failures and disconnects are there too.
 * Refusals of callers nobody knows are recorded within a bound (`parts.spool` counts the rest), or anybody could fill the
 * disk.
 */
export function meter(call: Call, parts: PipelineParts): void {
  try {
    const event = usageEventOf(call, parts.monotonicMs() - call.startedMs);
    if (call.consumer !== null || parts.mayRecordStranger()) parts.spool.outcome(event, call.ticket);
    parts.onFinished(call);
  } catch (error) {
    parts.onStageError("meter", error);
  }
}
