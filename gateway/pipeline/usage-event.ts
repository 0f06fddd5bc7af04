import type { IntentRow } from "#gateway/usage/intent.ts";
import type { AskedFacts, UsageEvent } from "#lib/contract/usage-event.ts";
import { chargeOf, costNanosOf } from "#lib/policy/price.ts";
import { apiName } from "./api-name.ts";
import type { Call } from "./call.ts";

function cut(text: string | null, max: number): string | null {
  return text === null || text.length <= max ? text : text.slice(0, max);
}

/** The model that was asked for, or the API: never a REST call's path, which may hold anything. */
function requestedName({ action, facts, request }: Call): string | null {
  if (action === "http") return apiName(request.pathTail ?? "");
  return facts?.model ?? request.pathTail;
}

function askedOf({ versionHeader, sentBytes, sentFacts }: Call): AskedFacts {
  return {
    version: cut(versionHeader, 60),
    bodyBytes: sentBytes,
    isForm: sentFacts?.modelIn === "form",
    maxOutputTokens: sentFacts?.maxOutputTokens ?? null,
    candidates: sentFacts?.candidates ?? 1,
  };
}

/** The facts of a call as they stand. The spool gives the sequence. */
export function usageEventOf(call: Call, durationMs: number): UsageEvent {
  const { version, consumer } = call;
  const target = call.target ?? call.answeredBy;
  const charge = chargeOf(call, target?.price ?? null);
  const { price } = charge;
  return {
    sequence: 0,
    id: call.id,
    startedAt: new Date(call.startedAtMs).toISOString(),
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    firstByteMs: call.firstByteMs === null ? null : Math.round(call.firstByteMs * 1_000) / 1_000,
    teamId: consumer?.teamId ?? null,
    consumerId: consumer?.id ?? null,
    apiKeyId: call.apiKey?.id ?? null,
    endUser: cut(call.facts?.user ?? null, 200),
    sourceAddress: call.request.sourceAddress,
    userAgent: cut(call.userAgent, 200),
    action: call.action,
    requestedModel: cut(requestedName(call), 200),
    route: call.route?.name ?? null,
    routeVersion: version?.version ?? null,
    targetId: target?.id ?? null,
    upstreamId: target?.upstream.id ?? null,
    provider: target?.upstream.provider.kind ?? null,
    model: target === null || target.model === "" ? null : target.model,
    revision: call.snapshot.number,
    status: call.status,
    outcome: call.outcome,
    errorCode: call.errorCode,
    stream: call.facts?.stream ?? false,
    attempts: call.attempts.length,
    cache: call.cache,
    usage: call.usage,
    costNanos: costNanosOf(charge)?.toString() ?? null,
    priceVersion: price === null ? null : call.snapshot.priceVersion,
    ...(call.sentFacts === null ? {} : { parameters: [...call.sentFacts.parameters] }),
    ...(consumer === null ? {} : { asked: askedOf(call) }),
    decision: {
      revision: call.snapshot.number,
      stages: call.decisions,
      candidates: call.candidates,
      attempts: call.attempts,
      price: call.cache === "hit" ? "answered from the cache = $0" : (price?.line ?? null),
    },
  };
}

/** What is written before a call is sent, for the case that this process dies while it runs. Hot path. */
export function intentPayload(call: Call): string {
  const { target, consumer } = call;
  const row: IntentRow = [
    call.startedAtMs,
    consumer?.teamId ?? null,
    consumer?.id ?? null,
    call.apiKey?.id ?? null,
    cut(call.facts?.user ?? null, 200),
    call.request.sourceAddress,
    cut(call.userAgent, 200),
    call.action,
    cut(requestedName(call), 200),
    call.route?.name ?? null,
    call.version?.version ?? null,
    target?.id ?? null,
    target?.upstream.id ?? null,
    target?.upstream.provider.kind ?? null,
    target === null || target.model === "" ? null : target.model,
    call.snapshot.number,
    call.facts?.stream ?? false,
    call.facts?.modelIn === "form" ? 0 : (call.body?.length ?? 0),
  ];
  return JSON.stringify(row);
}
