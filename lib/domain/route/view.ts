import { z } from "zod";
import type { Route, RouteVersion, Target } from "#prisma/generated/client.ts";
import { CacheRule } from "../../contract/cache-rule.ts";
import { Guardrails } from "../../contract/guardrail.ts";
import { HttpRule } from "../../contract/http-rule.ts";
import { Brownout, HashBy, RetryRule, RouteKind, StrategyKind, Timeouts } from "../../contract/policy-document.ts";
import { RouteRateLimit } from "../../contract/rate-limit.ts";
import type { Tx } from "../../db/client.ts";
import { etagOf } from "../etag.ts";
import { compareVersions } from "./compare-versions.ts";
import { OnNotCarried, type RouteView, type VersionView } from "./schemas.ts";

export const VERSION_PARTS = { targets: { orderBy: { position: "asc" } } } as const;
export const ROUTE_PARTS = { versions: { include: VERSION_PARTS } } as const;
export type VersionRow = RouteVersion & { targets: Target[] };
export type RouteRow = Route & { versions: VersionRow[] };

const Status = z.enum(["active", "deprecated", "retired"]);
const RateLimits = z.array(RouteRateLimit);
const Brownouts = z.array(Brownout);

/** The parts of a version that a person writes, as the row holds them. */
export function versionFields(row: VersionRow) {
  return {
    status: Status.parse(row.status),
    deprecatedAt: row.deprecatedAt?.toISOString() ?? null,
    sunsetAt: row.sunsetAt?.toISOString() ?? null,
    successor: row.successor,
    strategy: StrategyKind.parse(row.strategy),
    hashBy: HashBy.parse(row.hashBy),
    guardrails: Guardrails.parse(row.guardrails),
    brownouts: Brownouts.parse(row.brownouts),
    cache: CacheRule.nullable().parse(row.cache),
    http: HttpRule.nullable().parse(row.http),
    targets: row.targets.map(({ upstreamId, model, weight, priority }) => ({ upstreamId, model, weight, priority })),
    retry: RetryRule.parse(row.retry),
    timeouts: Timeouts.parse(row.timeouts),
    onNotCarried: OnNotCarried.parse(row.onNotCarried),
  };
}

/** A version of a route as the draft has it. */
export function versionView(row: VersionRow, upstreamNames: ReadonlyMap<string, string>): VersionView {
  return {
    id: row.id,
    version: row.number,
    ...versionFields(row),
    targets: row.targets.map(({ id, upstreamId, model, weight, priority }) => ({
      id,
      upstreamId,
      upstreamName: upstreamNames.get(upstreamId) ?? null,
      model,
      weight,
      priority,
    })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** The limits of a route, as the row holds them. */
export function routeRateLimits(row: Route): RouteRateLimit[] {
  return RateLimits.parse(row.rateLimits);
}

/** A route with its versions, newest version first. */
export function routeView(row: RouteRow, upstreamNames: ReadonlyMap<string, string>): RouteView {
  const versions = row.versions.toSorted((a, b) => compareVersions(b.number, a.number));
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    kind: RouteKind.parse(row.kind),
    defaultVersion: row.defaultVersion,
    rateLimits: routeRateLimits(row),
    versions: versions.map((version) => versionView(version, upstreamNames)),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** Names of the draft's upstreams that the routes' targets refer to. */
export async function targetUpstreamNames(tx: Tx, versions: VersionRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(versions.flatMap((version) => version.targets.map((target) => target.upstreamId)))];
  const rows = await tx.upstream.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map((row) => [row.id, row.name]));
}
