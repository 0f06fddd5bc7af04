import { z } from "zod";
import { Prisma } from "#prisma/generated/client.ts";
import { type ForwardedAction, GATEWAY_ACTIONS } from "../../contract/action.ts";
import type { AskedFacts, CallOutcome, TokenUsage } from "../../contract/usage-event.ts";
import type { Tx } from "../../db/client.ts";
import { compileRouteRule, type RouteRule } from "../../policy/plan-allows.ts";
import type { Caller, RecordedCall } from "./recorded-call.ts";
import type { Callers } from "./replay.ts";
import { CALLS_MAX } from "./schemas.ts";

/** How many calls are read at once. */
const PAGE_CALLS = 2_500;

/** A window of recorded calls, and the place in it up to which they have been read. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** What of a window is replayed. */
export interface Extent {
  readonly calls: number;
  /** When the first one was made; the window's begin where there is none. */
  readonly firstAt: Date;
  /** Whether the window has more calls than are replayed. */
  readonly isCut: boolean;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** Calls that policy was asked about: of a caller who is known, and more than a list of models. */
function within({ from, to }: Window): Prisma.Sql {
  return Prisma.sql`calls.day BETWEEN ${dayOf(from)}::date AND ${dayOf(to)}::date
    AND calls.started_at >= ${from} AND calls.started_at < ${to}
    AND calls.consumer_id IS NOT NULL AND calls.api_key_id IS NOT NULL AND calls.action <> 'models'`;
}

/** How many calls there are to replay: the newest of the window, up to the bound. */
export async function readExtent(tx: Tx, window: Window): Promise<Extent> {
  const [row] = await tx.$queryRaw<{ calls: bigint; first_at: Date | null }[]>`
    SELECT count(*) AS calls, min(newest.started_at) AS first_at FROM (
      SELECT calls.started_at FROM usage_event calls WHERE ${within(window)}
      ORDER BY calls.started_at DESC, calls.id DESC LIMIT ${CALLS_MAX + 1}) newest`;
  const calls = Number(row?.calls ?? 0);
  return { calls: Math.min(calls, CALLS_MAX), firstAt: row?.first_at ?? window.from, isCut: calls > CALLS_MAX };
}

/** Where reading goes on: after the call with this time and id. */
export interface Place {
  readonly startedAt: Date;
  readonly id: string;
}

/** A row as the statement below writes it, under short names: a page of them is one text, which costs least to carry. */
interface Row {
  readonly i: string;
  readonly t: number;
  readonly d: number;
  readonly f: number | null;
  readonly c: string;
  readonly k: string;
  readonly u: string | null;
  readonly s: string;
  readonly a: string;
  readonly q: string | null;
  readonly r: string | null;
  readonly v: string | null;
  readonly up: string | null;
  readonly m: string | null;
  readonly n: number;
  readonly o: CallOutcome;
  readonly e: string | null;
  readonly at: number;
  readonly h: RecordedCall["cache"];
  readonly ti: number;
  readonly tc: number;
  readonly tw: number;
  readonly to: number;
  readonly tr: number;
  readonly ts: TokenUsage["source"];
  readonly x: string | null;
  readonly g: (AskedFacts & { readonly parameters: readonly string[] }) | null;
}

/** The next page of calls in the order they were made; fewer than a page once there are no more. */
export async function readCalls(tx: Tx, window: Window, after: Place | null): Promise<RecordedCall[]> {
  const further =
    after === null ? Prisma.empty : Prisma.sql`AND (calls.started_at, calls.id) > (${after.startedAt}, ${after.id})`;
  const [row] = await tx.$queryRaw<{ page: string | null }[]>`
    SELECT '[' || string_agg(row_to_json(page)::text, ',') || ']' AS page FROM (
      SELECT id AS i, floor(extract(epoch FROM started_at) * 1000) AS t, duration_ms AS d, first_byte_ms AS f,
        consumer_id AS c, api_key_id AS k, end_user AS u, source_address AS s, action AS a, requested_model AS q,
        route AS r, route_version AS v, upstream_id AS up, model AS m, revision AS n, outcome AS o, error_code AS e,
        attempts AS at, cache AS h, input_tokens AS ti, cached_input_tokens AS tc, cache_write_tokens AS tw,
        output_tokens AS to, reasoning_tokens AS tr, usage_source AS ts, cost_nanos::text AS x, asked AS g
      FROM usage_event calls WHERE ${within(window)} ${further}
      ORDER BY calls.started_at, calls.id LIMIT ${PAGE_CALLS}) page`;
  return row?.page ? rowsIn(row.page).flatMap(callOf) : [];
}

/** Guarantee: the text is what the statement above made of columns that ingest filled from parsed events. */
function rowsIn(page: string): Row[] {
  return JSON.parse(page) as Row[];
}

/** Whether a page was the last one. */
export function isLastPage(calls: number): boolean {
  return calls < PAGE_CALLS;
}

function isForwarded(action: string): action is ForwardedAction {
  return action !== "models" && Object.hasOwn(GATEWAY_ACTIONS, action);
}

function callOf(row: Row): RecordedCall[] {
  const { a: action, x: costNanos, g: asked } = row;
  // An action that this release does not know was recorded by a newer node.
  if (!isForwarded(action)) return [];
  return [
    {
      id: row.i,
      startedMs: row.t,
      durationMs: row.d,
      firstByteMs: row.f,
      consumerId: row.c,
      apiKeyId: row.k,
      endUser: row.u,
      sourceAddress: row.s,
      action,
      requestedModel: row.q,
      route: row.r,
      routeVersion: row.v,
      upstreamId: row.up,
      model: row.m,
      revision: row.n,
      outcome: row.o,
      errorCode: row.e,
      attempts: row.at,
      cache: row.h,
      usage: {
        inputTokens: row.ti,
        cachedInputTokens: row.tc,
        cacheWriteTokens: row.tw,
        outputTokens: row.to,
        reasoningTokens: row.tr,
        source: row.ts,
      },
      costNanos: costNanos === null ? null : BigInt(costNanos),
      asked,
      parameters: asked?.parameters ?? [],
    },
  ];
}

/** Consumers and keys as the directory has them now, as far as calls have named them. */
export class KnownCallers implements Callers {
  readonly consumers = new Map<string, Caller>();
  readonly keys = new Map<string, RouteRule>();
  private readonly asked = new Set<string>();

  /** Reads those that these calls name and none did before. */
  async learn(tx: Tx, calls: readonly RecordedCall[]): Promise<void> {
    const consumerIds = this.fresh(calls.map(({ consumerId }) => consumerId));
    const keyIds = this.fresh(calls.map(({ apiKeyId }) => apiKeyId));
    if (consumerIds.length > 0) {
      const select = { id: true, name: true, teamId: true, planId: true, suspendedReason: true } as const;
      for (const row of await tx.consumer.findMany({ where: { id: { in: consumerIds } }, select }))
        this.consumers.set(row.id, row);
    }
    if (keyIds.length === 0) return;
    const where = { id: { in: keyIds }, routes: { not: Prisma.AnyNull } };
    for (const { id, routes } of await tx.apiKey.findMany({ where, select: { id: true, routes: true } }))
      this.keys.set(id, compileRouteRule(z.array(z.string()).parse(routes)));
  }

  private fresh(ids: readonly string[]): string[] {
    const fresh = [...new Set(ids)].filter((id) => !this.asked.has(id));
    for (const id of fresh) this.asked.add(id);
    return fresh;
  }
}
