import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";
import type { PipelineParts } from "./parts.ts";

const REVOKED = new Denial("invalid_api_key", "This API key is not valid.", { rule: "key revoked during the call" });
const EXPIRED = new Denial("key_expired", "This API key has expired.", { rule: "key expired during the call" });
const SUSPENDED = new Denial("consumer_suspended", "This consumer is suspended.", {
  rule: "consumer suspended during the call",
});

/**
 * Whether whoever was admitted may still call; null where that is so. Asked before anything is sent to an upstream or given
 * from the cache: a body may take minutes to arrive, as may an identical call's answer or the pause before another attempt,
 * and a key that is revoked meanwhile starts nothing. Hot path.
 */
export function stillAdmitted({ apiKey, consumer }: Call, parts: PipelineParts): Denial | null {
  if (apiKey === null || consumer === null) throw new Error("A call without a key was about to be answered");
  const { keys, consumers } = parts.directory.current;
  const now = consumers.get(consumer.id);
  const key = keys.get(apiKey.id);
  if (key === undefined || now === undefined || key.sha256 !== apiKey.sha256) return REVOKED;
  if (key.expiresAtMs <= parts.nowMs()) return EXPIRED;
  return now.suspendedReason === null ? null : SUSPENDED;
}
