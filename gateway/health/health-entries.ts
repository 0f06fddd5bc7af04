import { type HealthEntry, REPORTED_HEALTH_MAX } from "#lib/contract/node-event.ts";
import type { CircuitBreaker } from "#lib/policy/circuit-breaker.ts";
import type { UpstreamFleet } from "./fleet.ts";
import type { TargetState } from "./target-state.ts";

/** When the last of a target's credentials that the upstream asked to be waited for is free; 0 for none. */
function limitEndMs(fleet: UpstreamFleet, state: TargetState): number {
  let endMs = 0;
  for (const { limitedUntilMs } of fleet.credentialStates(state.upstream)) {
    endMs = Math.max(endMs, limitedUntilMs.get(state.id) ?? 0);
  }
  return endMs;
}

/** What is not wholly in service now, for the report. `toTime` turns the monotonic clock into an ISO time. */
export function healthEntries(fleet: UpstreamFleet, toTime: (monotonicMs: number) => string): HealthEntry[] {
  const nowMs = fleet.monotonicMs();
  const entries: HealthEntry[] = [];
  const until = (breaker: CircuitBreaker): string | null =>
    breaker.state === "half_open" ? null : toTime(breaker.retryAtMs);
  for (const state of fleet.everyTarget) {
    const { id, breaker, reason, sinceMs, returnedAtMs } = state;
    const subject = { subject: "target", id, upstreamId: state.upstream.upstream.id } as const;
    if (breaker.state !== "closed") {
      entries.push({ ...subject, state: breaker.state, since: toTime(sinceMs), until: until(breaker), reason });
    } else if (returnedAtMs !== null && state.share(nowMs) < 1) {
      const fullAtMs = returnedAtMs + state.target.upstream.health.slowStartMs;
      const more = { since: toTime(returnedAtMs), until: toTime(fullAtMs), reason: "back, with a rising share" };
      entries.push({ ...subject, state: "slow_start", ...more });
    }
    const limitedUntilMs = limitEndMs(fleet, state);
    if (limitedUntilMs > nowMs) {
      const more = { since: toTime(nowMs), until: toTime(limitedUntilMs), reason: "the upstream's own rate limit" };
      entries.push({ ...subject, state: "limited", ...more });
    }
  }
  for (const state of fleet.everyUpstream) {
    const { reach, reason, sinceMs } = state;
    const upstreamId = state.upstream.id;
    if (reach.state !== "closed") {
      const more = { since: toTime(sinceMs), until: until(reach), reason };
      entries.push({ subject: "upstream", id: upstreamId, upstreamId, state: reach.state, ...more });
    }
    for (const { credential, breaker, ...known } of fleet.credentialStates(state)) {
      if (credential === null || breaker.state === "closed") continue;
      const more = { since: toTime(known.sinceMs), until: until(breaker), reason: known.reason };
      entries.push({ subject: "credential", id: credential.id, upstreamId, state: "resting", ...more });
    }
  }
  return entries.slice(0, REPORTED_HEALTH_MAX);
}
