import { Prisma } from "#prisma/generated/client.ts";
import { Decision } from "../../contract/decision.ts";
import { formatMoney } from "../../contract/money.ts";
import type { Tx } from "../../db/client.ts";
import type { Actor } from "../context.ts";
import { readNames } from "../usage/index.ts";
import { RequestSummary, RequestView } from "./schemas.ts";

/** The columns of a call that the list shows. */
export interface CallRow {
  id: string;
  started_at: Date;
  team_id: string | null;
  consumer_id: string | null;
  api_key_id: string | null;
  end_user: string | null;
  action: string;
  requested_model: string | null;
  route: string | null;
  route_version: string | null;
  upstream_id: string | null;
  provider: string | null;
  model: string | null;
  node_id: string;
  revision: number;
  status: number;
  outcome: string;
  error_code: string | null;
  stream: boolean;
  attempts: number;
  cache: string;
  input_tokens: bigint;
  cached_input_tokens: bigint;
  output_tokens: bigint;
  reasoning_tokens: bigint;
  usage_source: string;
  cost_nanos: bigint | null;
  duration_ms: number;
  first_byte_ms: number | null;
}
export interface DetailRow extends CallRow {
  source_address: string;
  user_agent: string | null;
  price_version: string | null;
  decision: unknown;
}

export const SUMMARY_COLUMNS = Prisma.sql`calls.id, calls.started_at, calls.team_id, calls.consumer_id,
  calls.api_key_id, calls.end_user, calls.action, calls.requested_model, calls.route, calls.route_version,
  calls.upstream_id, calls.provider, calls.model, calls.node_id, calls.revision, calls.status, calls.outcome,
  calls.error_code, calls.stream, calls.attempts, calls.cache, calls.input_tokens, calls.cached_input_tokens,
  calls.output_tokens, calls.reasoning_tokens, calls.usage_source, calls.cost_nanos, calls.duration_ms,
  calls.first_byte_ms`;
export const DETAIL_COLUMNS = Prisma.sql`${SUMMARY_COLUMNS}, calls.source_address, calls.user_agent,
  calls.price_version, calls.decision`;

/** Calls as the actor may see them, with names: a developer sees neither upstreams nor nodes nor revisions. */
export async function summariesOf(tx: Tx, actor: Actor, rows: readonly CallRow[]): Promise<RequestSummary[]> {
  const may = sightOf(actor);
  const names = await readNames(tx, {
    teams: rows.map((row) => row.team_id),
    consumers: rows.map((row) => row.consumer_id),
    apiKeys: rows.map((row) => row.api_key_id),
    upstreams: may.upstreams ? rows.map((row) => row.upstream_id) : [],
    nodes: may.nodes ? rows.map((row) => row.node_id) : [],
  });
  return rows.map((row) =>
    RequestSummary.parse({
      id: row.id,
      time: row.started_at.toISOString(),
      team: row.team_id && names.team(row.team_id),
      consumer: row.consumer_id && names.consumer(row.consumer_id),
      apiKey: row.api_key_id && names.apiKey(row.api_key_id),
      endUser: row.end_user,
      action: row.action,
      requestedModel: row.requested_model,
      route: row.route,
      version: row.route_version,
      upstream: may.upstreams && row.upstream_id ? names.upstream(row.upstream_id) : null,
      provider: row.provider,
      model: row.model,
      node: may.nodes ? names.node(row.node_id) : null,
      revision: may.revisions ? row.revision : null,
      status: row.status,
      outcome: row.outcome,
      errorCode: row.error_code,
      stream: row.stream,
      attempts: row.attempts,
      cache: row.cache,
      inputTokens: Number(row.input_tokens),
      cachedInputTokens: Number(row.cached_input_tokens),
      outputTokens: Number(row.output_tokens),
      reasoningTokens: Number(row.reasoning_tokens),
      usageSource: row.usage_source,
      cost: row.cost_nanos === null ? null : formatMoney(row.cost_nanos),
      durationMs: row.duration_ms,
      firstByteMs: row.first_byte_ms,
    }),
  );
}

/** A call with its explanation, as the actor may see it. */
export async function detailOf(tx: Tx, actor: Actor, row: DetailRow): Promise<RequestView> {
  const [summary] = await summariesOf(tx, actor, [row]);
  return RequestView.parse({
    ...summary,
    sourceAddress: row.source_address,
    userAgent: row.user_agent,
    priceVersion: row.price_version,
    decision: visibleDecision(actor, Decision.parse(row.decision)),
  });
}

function sightOf({ kind, permissions }: Actor) {
  const may = (permission: "upstream.read" | "node.read" | "revision.read") =>
    kind === "system" || permissions.has(permission);
  return { upstreams: may("upstream.read"), nodes: may("node.read"), revisions: may("revision.read") };
}

/** Without the upstreams, for those who may not read them: how often and how it was tried stays. */
function visibleDecision(actor: Actor, decision: Decision): Decision {
  const may = sightOf(actor);
  const revision = may.revisions ? decision.revision : 0;
  if (may.upstreams) return { ...decision, revision };
  const attempts = decision.attempts.map(({ credentialId: _hidden, ...attempt }) => {
    return { ...attempt, targetId: "", upstreamId: "", upstreamName: "" };
  });
  return { ...decision, revision, candidates: [], attempts };
}
