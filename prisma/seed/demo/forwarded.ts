import type { AttemptRecord, CandidateRecord, StageDecision } from "#lib/contract/decision.ts";
import { GATEWAY_ERRORS } from "#lib/contract/error-code.ts";
import type { TokenUsage, UsageEvent } from "#lib/contract/usage-event.ts";
import { PRICE_VERSION } from "#lib/domain/pricing/catalogue.ts";
import { priceCall } from "#lib/policy/price.ts";
import type { Draft } from "./call.ts";
import type { Version } from "./catalogue.ts";
import { authorized, type EventParts, identified, NO_USAGE, roundedMs } from "./denied.ts";
import { incidentAt } from "./rhythm.ts";

type Target = Version["targets"][number];

const FAILURES = [
  { error: "status", status: 503, code: "upstream_error", rule: "upstream status 503", medianMs: 180 },
  { error: "reset", status: null, code: "upstream_error", rule: "upstream closed the connection", medianMs: 900 },
  { error: "timeout_first_byte", status: null, code: "upstream_timeout", rule: "timeout_first_byte", medianMs: 15_000 },
  { error: "connect", status: null, code: "upstream_unavailable", rule: "upstream not reached", medianMs: 40 },
] as const;
type Failure = (typeof FAILURES)[number];

const FAILS_NORMALLY = 0.004;
const FAILS_IN_INCIDENT = 0.72;
/** What broke one upstream often has its cause where the other one stands, too. */
const FAILS_AGAIN = 0.3;
const SLOWER_IN_INCIDENT = 4.5;
const GOES_AWAY = 0.009;
/** Median milliseconds to the first token, and for each token after it. */
const PACE: Record<string, readonly [firstMs: number, tokenMs: number]> = {
  "gpt-4o": [430, 13],
  "gpt-4.1": [390, 11],
  "gpt-4o-mini": [260, 7.5],
  "gpt-4.1-mini": [230, 6.5],
  "text-embedding-3-small": [58, 0],
};

/** A call that policy let through: attempts, tokens and cost, and how it ended. */
export function forwardedParts(draft: Draft): EventParts {
  const { version, random, caller } = draft;
  const overheadMs = random.logNormal(0.8, 0.3);
  const tried = attemptsOf(draft, overheadMs);
  const last = tried.at(-1);
  if (!last) throw new Error("A route without targets");
  const isStream = draft.route !== "embed" && random.chance(caller.persona.streamed);
  const ending = last.failure ? failed(last, last.failure) : served(draft, last, isStream);
  const stages: StageDecision[] = [identified(draft), authorized(draft), admitted(draft), routed(draft, tried)];
  if (last.failure) stages.push({ stage: "forward", verdict: "deny", rule: last.failure.rule });
  return {
    ...ending.parts,
    route: draft.route,
    routeVersion: draft.versionNumber,
    targetId: last.target.id,
    upstreamId: last.target.upstreamId,
    provider: "openai",
    model: last.target.model,
    stream: isStream,
    attempts: tried.length,
    decision: {
      revision: draft.revision,
      stages,
      candidates: candidatesOf(version, tried),
      attempts: tried.map(({ record }) => record),
      price: ending.price,
    },
  };
}

interface Tried {
  target: Target;
  record: AttemptRecord;
  failure: Failure | null;
}

function attemptsOf(draft: Draft, overheadMs: number): Tried[] {
  const { version, random } = draft;
  const tried: Tried[] = [];
  let startedAtMs = overheadMs;
  let left = version.targets;
  while (tried.length < version.attempts) {
    const target = random.pick((left.length > 0 ? left : version.targets).map((each) => [each, each.weight]));
    left = left.filter((each) => each !== target);
    const incident = incidentAt(target.upstreamName, draft.atMs, draft.nowMs);
    const share = incident === "failing" ? FAILS_IN_INCIDENT : tried.length > 0 ? FAILS_AGAIN : FAILS_NORMALLY;
    const isFailure = random.chance(share);
    const failure = isFailure ? random.pick(FAILURES.map((each, place) => [each, 8 - 2 * place])) : null;
    const durationMs = failure
      ? random.logNormal(failure.medianMs, failure.error === "timeout_first_byte" ? 0 : 0.4)
      : 0;
    const record: AttemptRecord = {
      targetId: target.id,
      upstreamId: target.upstreamId,
      upstreamName: target.upstreamName,
      model: target.model,
      startedAtMs: roundedMs(startedAtMs),
      durationMs: roundedMs(durationMs),
      status: failure ? failure.status : 200,
      error: failure ? failure.error : null,
    };
    tried.push({ target, record, failure });
    if (!failure) break;
    startedAtMs += durationMs + random.next() * 20;
  }
  return tried;
}

type Ending = {
  parts: Pick<
    UsageEvent,
    "durationMs" | "firstByteMs" | "status" | "outcome" | "errorCode" | "usage" | "costNanos" | "priceVersion"
  >;
  price: string | null;
};

function failed({ record }: Tried, failure: Failure): Ending {
  return {
    parts: {
      durationMs: roundedMs(record.startedAtMs + record.durationMs + 0.4),
      firstByteMs: null,
      status: GATEWAY_ERRORS[failure.code].status,
      outcome: "error",
      errorCode: failure.code,
      usage: NO_USAGE,
      costNanos: "0",
      priceVersion: null,
    },
    price: null,
  };
}

function served(draft: Draft, { target, record }: Tried, isStream: boolean): Ending {
  const { random, catalogue } = draft;
  const isCancelled = isStream && random.chance(GOES_AWAY);
  const usage = tokensOf(draft, isCancelled);
  const [firstMedianMs, tokenMs] = PACE[target.model] ?? [300, 10];
  const isSlow = incidentAt(target.upstreamName, draft.atMs, draft.nowMs) === "slow";
  const slowness = isSlow ? SLOWER_IN_INCIDENT : 1;
  const firstMs = random.logNormal(firstMedianMs, 0.42) * slowness + usage.inputTokens * 0.02;
  const restMs = usage.outputTokens * tokenMs * random.logNormal(1, 0.18);
  const answerMs = isStream ? firstMs : firstMs + restMs;
  record.durationMs = roundedMs(firstMs + restMs);
  record.status = 200;
  record.error = isCancelled ? "cancelled" : null;
  const price = catalogue.prices.get(target.model);
  const cost = price ? priceCall(price, usage) : null;
  return {
    parts: {
      durationMs: roundedMs(record.startedAtMs + firstMs + restMs + 0.3),
      firstByteMs: roundedMs(record.startedAtMs + answerMs),
      status: isCancelled ? 499 : 200,
      outcome: isCancelled ? "cancelled" : "ok",
      errorCode: null,
      usage,
      costNanos: cost ? String(cost.costNanos) : null,
      priceVersion: cost ? PRICE_VERSION : null,
    },
    price: cost ? cost.line : null,
  };
}

function tokensOf({ caller, route, random }: Draft, isCancelled: boolean): TokenUsage {
  const [inputMedian, outputMedian] = caller.persona.tokens;
  const inputTokens = Math.max(4, Math.round(random.logNormal(inputMedian, 0.55)));
  const isCached = route !== "embed" && inputTokens >= 1_024 && random.chance(0.4);
  const whole = route === "embed" ? 0 : Math.max(1, Math.round(random.logNormal(outputMedian, 0.6)));
  return {
    inputTokens,
    cachedInputTokens: isCached ? Math.floor((inputTokens * 0.7) / 128) * 128 : 0,
    cacheWriteTokens: 0,
    outputTokens: isCancelled ? Math.ceil(whole * random.next()) : whole,
    reasoningTokens: 0,
    source: "upstream",
  };
}

function admitted({ caller, random }: Draft): StageDecision {
  const { limit, windowSeconds } = caller.limit;
  const remaining = Math.max(0, limit - 1 - random.below(Math.ceil(limit / 3)));
  return { stage: "limit", verdict: "allow", rule: `${limit} requests in ${windowSeconds} s`, facts: { remaining } };
}

function routed({ version }: Draft, tried: readonly Tried[]): StageDecision {
  const target = tried[0]?.target;
  const facts = { target: target?.id ?? null, upstream: target?.upstreamName ?? null };
  return { stage: "route", verdict: "allow", rule: version.strategy, facts };
}

function candidatesOf(version: Version, tried: readonly Tried[]): CandidateRecord[] {
  return version.targets.map((target) => {
    const place = tried.findIndex((attempt) => attempt.target === target);
    const reason = place === -1 ? "not its turn" : place === 0 ? version.strategy : `attempt ${place + 1}`;
    const { id: targetId, upstreamName, model, weight } = target;
    return { targetId, upstreamName, model, weight, chosen: place !== -1, reason };
  });
}
