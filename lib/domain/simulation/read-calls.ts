import { z } from "zod";
import { Prisma } from "#prisma/generated/client.ts";
import { type ForwardedAction, GATEWAY_ACTIONS } from "../../contract/action.ts";
import { AskedFacts, CallOutcome, TokenUsage } from "../../contract/usage-event.ts";
import type { Tx } from "../../db/client.ts";
import { compileRouteRule, type RouteRule } from "../../policy/plan-allows.ts";
import type { Caller, RecordedCall } from "./recorded-call.ts";
import type { Callers } from "./replay.ts";
import { CALLS_MAX } from "./schemas.ts";

/** How many calls are read at once. */
const PAGE_CALLS = 5_000;

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

// One value of text for a whole page: the driver would take longer over a million cells than the replay.
const Page = z.array(
  z.tuple([
    z.string(), // id
    z.number(), // started, milliseconds
    z.number(),
    z.number().nullable(),
    z.string(), // consumer
    z.string(), // key
    z.string().nullable(), // end user
    z.string(), // address
    z.string(), // action
    z.string().nullable(), // requested model
    z.string().nullable(), // route
    z.string().nullable(), // version
    z.string().nullable(), // upstream
    z.string().nullable(), // model
    z.number(), // revision
    CallOutcome,
    z.string().nullable(), // error
    z.number(), // attempts
    z.enum(["hit", "miss", "bypass"]),
    z.array(z.number()).length(5),
    TokenUsage.shape.source,
    z.string().nullable(), // nano-dollars
    AskedFacts.extend({ parameters: z.array(z.string()) }).nullable(),
  ]),
);
type Row = z.infer<typeof Page>[number];

/** The next page of calls in the order they were made; fewer than a page once there are no more. */
export async function readCalls(tx: Tx, window: Window, after: Place | null): Promise<RecordedCall[]> {
  const further =
    after === null ? Prisma.empty : Prisma.sql`AND (calls.started_at, calls.id) > (${after.startedAt}, ${after.id})`;
  const [row] = await tx.$queryRaw<{ page: string | null }[]>`
    SELECT json_agg(json_build_array(
      id, floor(extract(epoch FROM started_at) * 1000), duration_ms, first_byte_ms, consumer_id, api_key_id, end_user,
      source_address, action, requested_model, route, route_version, upstream_id, model, revision, outcome, error_code,
      attempts, cache,
      json_build_array(input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens),
      usage_source, cost_nanos::text, asked) ORDER BY started_at, id)::text AS page
    FROM (SELECT * FROM usage_event calls WHERE ${within(window)} ${further}
      ORDER BY calls.started_at, calls.id LIMIT ${PAGE_CALLS}) calls`;
  return row?.page ? Page.parse(JSON.parse(row.page)).flatMap(callOf) : [];
}

/** Whether a page was the last one. */
export function isLastPage(calls: number): boolean {
  return calls < PAGE_CALLS;
}

function isForwarded(action: string): action is ForwardedAction {
  return action !== "models" && Object.hasOwn(GATEWAY_ACTIONS, action);
}

function callOf(row: Row): RecordedCall[] {
  const [id, startedMs, durationMs, firstByteMs, consumerId, apiKeyId, endUser, sourceAddress, action] = row;
  const [inputTokens = 0, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens = 0, reasoningTokens = 0] = row[19];
  // An action that this release does not know was recorded by a newer node.
  if (!isForwarded(action)) return [];
  const { parameters = [], ...asked } = row[22] ?? {};
  return [
    {
      ...{ id, startedMs, durationMs, firstByteMs, consumerId, apiKeyId, endUser, sourceAddress, action },
      requestedModel: row[9],
      route: row[10],
      routeVersion: row[11],
      upstreamId: row[12],
      model: row[13],
      revision: row[14],
      outcome: row[15],
      errorCode: row[16],
      attempts: row[17],
      cache: row[18],
      usage: { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, source: row[20] },
      costNanos: row[21] === null ? null : BigInt(row[21]),
      asked: row[22] === null ? null : AskedFacts.parse(asked),
      parameters,
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
