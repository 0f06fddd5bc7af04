import { z } from "zod";
import type { PriceDocument } from "#lib/contract/policy-document.ts";
import { type UsageEvent, UsageEvent as UsageEventSchema } from "#lib/contract/usage-event.ts";
import { priceCall } from "#lib/policy/price.ts";
import { estimateUsage } from "./estimate.ts";

const text = z.string().nullable();

/** What is known of a call when it is about to be sent, as a short row: it is written for each call and read for few. */
const IntentRow = z.tuple([
  z.number(), // startedAtMs
  text, // teamId
  text, // consumerId
  text, // apiKeyId
  text, // endUser
  z.string(), // sourceAddress
  text, // userAgent
  z.string(), // action
  text, // requestedModel
  text, // route
  text, // routeVersion
  text, // targetId
  text, // upstreamId
  text, // provider
  text, // model
  z.number(), // revision
  z.boolean(), // stream
  z.number(), // bodyBytes
]);
export type IntentRow = z.infer<typeof IntentRow>;

/** The price of a provider's model as far as this node knows it now, and the version it belongs to. */
export type PriceLookup = (provider: string, model: string) => { price: PriceDocument; version: string } | null;

function parseRow(payload: Buffer): IntentRow | null {
  try {
    return IntentRow.parse(JSON.parse(payload.toString()));
  } catch {
    return null;
  }
}

/**
 * The event that an intent becomes when its call has no outcome: the process died while it ran. Its numbers are an
 * estimate from what was sent, and nothing for what would have come back. Null for a payload that is not an intent.
 */
export function interruptedEvent(
  id: string,
  payload: Buffer,
  sequence: number,
  priceOf: PriceLookup,
): UsageEvent | null {
  const row = parseRow(payload);
  if (row === null) return null;
  const [startedAtMs, teamId, consumerId, apiKeyId, endUser, sourceAddress, userAgent, action, requestedModel] = row;
  const [route, routeVersion, targetId, upstreamId, provider, model, revision, stream, bodyBytes] = [
    row[9],
    row[10],
    row[11],
    row[12],
    row[13],
    row[14],
    row[15],
    row[16],
    row[17],
  ];
  const usage = estimateUsage(bodyBytes, 0);
  const known = provider === null || model === null ? null : priceOf(provider, model);
  const price = known === null ? null : priceCall(known.price, usage);
  const event: UsageEvent = {
    sequence,
    id,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: 0,
    firstByteMs: null,
    teamId,
    consumerId,
    apiKeyId,
    endUser,
    sourceAddress,
    userAgent,
    action,
    requestedModel,
    route,
    routeVersion,
    targetId,
    upstreamId,
    provider,
    model,
    revision,
    status: 500,
    outcome: "interrupted",
    errorCode: "node_stopped",
    stream,
    attempts: 1,
    cache: "bypass",
    usage,
    costNanos: price?.costNanos.toString() ?? null,
    priceVersion: price === null ? null : (known?.version ?? null),
    decision: { revision, stages: [], candidates: [], attempts: [], price: price?.line ?? null },
  };
  const checked = UsageEventSchema.safeParse(event);
  return checked.success ? checked.data : null;
}
