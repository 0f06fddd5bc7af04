import type { StageDecision } from "#lib/contract/decision.ts";
import { GATEWAY_ERRORS } from "#lib/contract/error-code.ts";
import type { UsageEvent } from "#lib/contract/usage-event.ts";
import type { Draft } from "./call.ts";
import type { Random } from "./random.ts";

/** The refusals that the seed knows, by the gateway's own codes. */
export type Denied =
  | "invalid_api_key"
  | "consumer_suspended"
  | "model_not_found"
  | "model_not_allowed"
  | "invalid_request"
  | "rate_limit_exceeded";

/** What is in an event from its decision on; who called and what is the caller's business. */
export type EventParts = Pick<
  UsageEvent,
  | "durationMs"
  | "firstByteMs"
  | "route"
  | "routeVersion"
  | "targetId"
  | "upstreamId"
  | "provider"
  | "model"
  | "status"
  | "outcome"
  | "errorCode"
  | "stream"
  | "attempts"
  | "usage"
  | "costNanos"
  | "priceVersion"
  | "decision"
> &
  Partial<Pick<UsageEvent, "requestedModel">>;

export const NO_USAGE = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  source: "none",
} as const;

export const roundedMs = (durationMs: number) => Math.round(durationMs * 1_000) / 1_000;

/** A call that policy stopped: where, by which rule, and nothing behind it. */
export function deniedParts(draft: Draft | { revision: number; random: Random }, code: Denied): EventParts {
  const { revision, random } = draft;
  const stages = "caller" in draft ? stagesOf(draft, code) : [deny("identify", "unknown API key")];
  const isRouted = code === "rate_limit_exceeded" && "caller" in draft;
  return {
    durationMs: roundedMs(random.logNormal(0.7, 0.5)),
    firstByteMs: null,
    route: isRouted ? draft.route : null,
    routeVersion: isRouted ? draft.versionNumber : null,
    targetId: null,
    upstreamId: null,
    provider: null,
    model: null,
    status: GATEWAY_ERRORS[code].status,
    outcome: "denied",
    errorCode: code,
    stream: "caller" in draft && random.chance(draft.caller.persona.streamed),
    attempts: 0,
    usage: NO_USAGE,
    costNanos: "0",
    priceVersion: null,
    decision: { revision, stages, candidates: [], attempts: [], price: null },
    ...(code === "model_not_found"
      ? {
          requestedModel: random.pick([
            ["gpt-4-turbo", 2],
            ["smrt", 1],
            ["claude-3", 1],
          ]),
        }
      : {}),
  };
}

const deny = (stage: string, rule: string): StageDecision => ({ stage, verdict: "deny", rule });

function stagesOf(draft: Draft, code: Denied): StageDecision[] {
  const { persona, consumerId, limit } = draft.caller;
  const known = identified(draft);
  switch (code) {
    case "invalid_api_key":
      return [deny("identify", "unknown API key")];
    case "consumer_suspended":
      return [known, deny("authorize", `consumer ${consumerId} suspended`)];
    case "model_not_found":
      return [known, deny("authorize", "no such route")];
    case "model_not_allowed":
      return [known, deny("authorize", `plan ${persona.plan} and key do not allow ${draft.route}`)];
    case "invalid_request":
      return [known, deny("readBody", "body")];
    case "rate_limit_exceeded": {
      const rule = `plan ${persona.plan}: ${limit.limit} requests in ${limit.windowSeconds} s`;
      return [known, authorized(draft), deny("limit", rule)];
    }
  }
}

/** The key was known. */
export function identified({ keyId, caller }: Draft): StageDecision {
  return { stage: "identify", verdict: "allow", rule: `key ${keyId} belongs to consumer ${caller.consumerId}` };
}

/** The plan and the key allow the route. */
export function authorized({ caller, route, versionNumber }: Draft): StageDecision {
  const rule = `plan ${caller.persona.plan} allows ${route}`;
  return { stage: "authorize", verdict: "allow", rule, facts: { version: versionNumber } };
}
