import type { UsageEvent } from "#lib/contract/usage-event.ts";
import type { Caller, Catalogue, Version } from "./catalogue.ts";
import { type Denied, deniedParts } from "./denied.ts";
import { suspendedAtMs } from "./directory.ts";
import { forwardedParts } from "./forwarded.ts";
import { type Random, randomFrom } from "./random.ts";
import { expectedCalls, HOUR_MS } from "./rhythm.ts";

/** A call with the node that served it. The sequence is the spool's business. */
export interface SeededCall {
  nodeId: string;
  event: UsageEvent;
}

/** A call while it is being made up. */
export interface Draft {
  caller: Caller;
  atMs: number;
  nowMs: number;
  revision: number;
  asked: string;
  route: string;
  versionNumber: string;
  version: Version;
  keyId: string;
  random: Random;
  catalogue: Catalogue;
}

/** What a suspended consumer still sends, and what nobody we know sends in an hour. */
const STILL_TRYING = 0.35;
const STRANGERS_PER_HOUR = 1.3;

/**
 * Every call of the hour that begins at `hourMs` and ends before `untilMs`, in the order of time. The same hour seen
 * from the same now gives the same calls, whichever hours were asked for before.
 */
export function callsOfHour(catalogue: Catalogue, hourMs: number, nowMs: number, volume: number, untilMs: number) {
  const calls = [
    ...catalogue.callers.flatMap((caller) => callsOf(caller, catalogue, hourMs, nowMs, volume)),
    ...strangersOf(catalogue, hourMs, nowMs, volume),
  ];
  return calls
    .filter(({ event }) => Date.parse(event.startedAt) < untilMs)
    .sort((a, b) => a.event.startedAt.localeCompare(b.event.startedAt));
}

function callsOf(caller: Caller, catalogue: Catalogue, hourMs: number, nowMs: number, volume: number): SeededCall[] {
  const random = randomFrom(`${caller.persona.name} ${hourMs / HOUR_MS}`);
  const count = random.poisson(expectedCalls(caller.persona, hourMs, nowMs) * volume);
  return Array.from({ length: count }, () => oneCall(caller, catalogue, hourMs, nowMs, random)).flat();
}

function oneCall(caller: Caller, catalogue: Catalogue, hourMs: number, nowMs: number, random: Random): SeededCall[] {
  const atMs = hourMs + random.below(HOUR_MS);
  const asked = random.pick(caller.persona.models);
  const [route = "", pinned] = asked.split("@");
  const versionNumber = versionAt(catalogue, route, pinned, atMs);
  const version = catalogue.versions.get(`${route}@${versionNumber}`);
  const keyId = random.pick(caller.keyIds.map((id, place) => [id, place === 0 ? 8 : 2]));
  if (!version) throw new Error(`The seed has no ${route}@${versionNumber}`);
  const revision = revisionAt(catalogue, atMs);
  const draft = { caller, atMs, nowMs, revision, asked, route, versionNumber, version, keyId, random, catalogue };
  const denied = denialOf(draft);
  if (denied === "gave up") return [];
  const parts = denied ? deniedParts(draft, denied) : forwardedParts(draft);
  return [{ nodeId: nodeOf(catalogue, random), event: { ...commonParts(draft), ...parts } }];
}

function denialOf({ caller, atMs, nowMs, route, random }: Draft): Denied | "gave up" | null {
  const { persona } = caller;
  if (persona.name === "legacy-scraper" && atMs >= suspendedAtMs(nowMs))
    return random.chance(STILL_TRYING) ? "consumer_suspended" : "gave up";
  if (random.chance(0.0008)) return "model_not_found";
  if (random.chance(0.0005)) return "invalid_request";
  if (!caller.planRoutes.includes("*") && !caller.planRoutes.includes(route)) return "model_not_allowed";
  return random.chance(persona.impatience) ? "rate_limit_exceeded" : null;
}

function commonParts({ caller, atMs, revision, asked, keyId, random }: Draft) {
  const { persona } = caller;
  const isEmbedding = asked.startsWith("embed");
  return {
    sequence: 1,
    id: requestId(atMs, random),
    startedAt: new Date(atMs).toISOString(),
    teamId: caller.teamId,
    consumerId: caller.consumerId,
    apiKeyId: keyId,
    endUser: persona.streamed > 0.9 ? `visitor-${10_000 + random.below(9_000)}` : null,
    sourceAddress: `10.8.${persona.name.length}.${10 + random.below(6)}`,
    userAgent: persona.userAgent,
    action: isEmbedding ? "embeddings" : "chat.completions",
    requestedModel: asked,
    revision,
    cache: "bypass" as const,
  };
}

/** Callers nobody knows, who try keys they made up. */
function strangersOf(catalogue: Catalogue, hourMs: number, _nowMs: number, volume: number): SeededCall[] {
  const random = randomFrom(`strangers ${hourMs / HOUR_MS}`);
  return Array.from({ length: random.poisson(STRANGERS_PER_HOUR * volume) }, () => {
    const atMs = hourMs + random.below(HOUR_MS);
    const event: UsageEvent = {
      ...deniedParts({ revision: revisionAt(catalogue, atMs), random }, "invalid_api_key"),
      sequence: 1,
      id: requestId(atMs, random),
      startedAt: new Date(atMs).toISOString(),
      teamId: null,
      consumerId: null,
      apiKeyId: null,
      endUser: null,
      sourceAddress: `203.0.113.${random.below(250)}`,
      userAgent: random.pick([
        ["Go-http-client/1.1", 2],
        ["python-requests/2.31.0", 1],
        ["curl/7.88.1", 1],
      ]),
      action: "chat.completions",
      requestedModel: null,
      revision: revisionAt(catalogue, atMs),
      cache: "bypass",
    };
    return { nodeId: nodeOf(catalogue, random), event };
  });
}

function nodeOf(catalogue: Catalogue, random: Random): string {
  return random.pick(catalogue.nodes.map((node) => [node.id, node.share]));
}

function versionAt(catalogue: Catalogue, route: string, pinned: string | undefined, atMs: number): string {
  const steps = catalogue.defaults.get(route) ?? [];
  const known = steps.filter((step) => step.sinceMs <= atMs);
  const isThere = known.some((step) => step.version === pinned);
  return (isThere ? pinned : known.at(-1)?.version) ?? steps[0]?.version ?? "";
}

function revisionAt(catalogue: Catalogue, atMs: number): number {
  return (catalogue.revisions.findLast((revision) => revision.atMs <= atMs) ?? catalogue.revisions[0])?.number ?? 0;
}

/** A UUIDv7 of the call's own time behind `req_`. */
function requestId(atMs: number, random: Random): string {
  const hex = (digits: number) =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = (8 + random.below(4)).toString(16);
  return `req_${atMs.toString(16).padStart(12, "0")}7${hex(3)}${variant}${hex(3)}${hex(6)}${hex(6)}`;
}
