import type { HealthPolicy } from "#lib/contract/health-check.ts";
import type { CompiledHealth } from "./snapshot.ts";

/** A credential that goes on being refused is tried again at least this often. */
const CREDENTIAL_REST_MS_MAX = 600_000;

/** Works an upstream's health settings out into what breakers take. */
export function compileHealth(health: HealthPolicy): CompiledHealth {
  const windowMs = health.windowSeconds * 1_000;
  const openMs = health.openSeconds * 1_000;
  const openMsMax = Math.max(openMs, health.openSecondsMax * 1_000);
  const { consecutiveFailures, errorPercent, callsMin } = health;
  const breaker = { consecutiveFailures, errorPercent, windowMs, callsMin, openMs, openMsMax };
  const restMs = health.credentialRestSeconds * 1_000;
  const rest = {
    ...breaker,
    consecutiveFailures: 1,
    errorPercent: 0,
    openMs: restMs,
    openMsMax: Math.max(restMs, CREDENTIAL_REST_MS_MAX),
  };
  return {
    breaker,
    reach: { ...breaker, errorPercent: 0 },
    credential: restMs === 0 ? null : rest,
    slowStartMs: health.slowStartSeconds * 1_000,
    retryAfterMsMax: health.retryAfterSecondsMax * 1_000,
    triesWhenAllOut: health.whenAllOut === "try",
    probe: health.probe,
  };
}
