import { cacheSeed } from "#gateway/cache/cache-seed.ts";
import { type CompiledGuards, compileGuards, type WebhookAddress } from "#gateway/guard/compiled-guards.ts";
import { providerAdapter } from "#gateway/providers/registry.ts";
import { retirementHeaders } from "#gateway/snapshot/retirement-headers.ts";
import type {
  PlanDocument,
  PolicyDocument,
  PriceDocument,
  RouteDocument,
  RouteVersionDocument,
  Timeouts,
  UpstreamDocument,
} from "#lib/contract/policy-document.ts";
import { findOptionProblems } from "#lib/contract/providers.ts";
import { classifyHost } from "#lib/policy/address.ts";
import { compileLimits } from "#lib/policy/limits/compile-limits.ts";
import { compileRouteRule } from "#lib/policy/plan-allows.ts";
import { compilePins } from "#lib/policy/resolve-model.ts";
import { hashOf } from "#lib/policy/select-by-hash.ts";
import { compileLife } from "#lib/policy/version-life.ts";
import { compileEmbedding, compileEndpoints, compileTranslation, type EndpointParts } from "./compile-endpoints.ts";
import { compileHealth } from "./compile-health.ts";
import { compileHttp } from "./compile-http.ts";
import { RevisionRejected } from "./revision-rejected.ts";
import { withServing } from "./serving.ts";
import {
  type CompiledPlan,
  type CompiledRoute,
  type CompiledTarget,
  type CompiledUpstream,
  type CompiledVersion,
  priceKey,
  type Snapshot,
} from "./snapshot.ts";

/** Where neither the route version nor the upstream says otherwise. Reasoning models may think for minutes. */
const TIMEOUTS_DEFAULT: Required<Timeouts> = {
  connectMs: 5_000,
  firstByteMs: 300_000,
  idleMs: 120_000,
  totalMs: 600_000,
};

function refuse(path: string, message: string): never {
  throw new RevisionRejected("not_runnable", path, message);
}

function buildUpstream(upstream: UpstreamDocument, index: number): CompiledUpstream {
  const path = `/upstreams/${index}`;
  const { options } = upstream;
  const provider = providerAdapter(upstream.provider, options);
  if (provider === undefined) refuse(`${path}/provider`, `This node has no adapter for "${upstream.provider}".`);
  for (const { name, detail } of findOptionProblems(upstream.provider, options))
    refuse(`${path}/options/${name}`, detail);
  const url = new URL(upstream.baseUrl);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    refuse(`${path}/baseUrl`, "Only http and https are spoken.");
  if (url.username !== "" || url.password !== "") refuse(`${path}/baseUrl`, "A base URL must not carry a credential.");
  const found = classifyHost(url.hostname);
  if (found === "forbidden" || (found === "private" && !upstream.allowPrivateNetwork)) {
    refuse(`${path}/baseUrl`, `The address of "${url.hostname}" is not allowed for this upstream.`);
  }
  const basePath = url.pathname.replace(/\/+$/, "");
  const atPath = (tail: string): string => basePath + withQuery(tail, url.search);
  return {
    id: upstream.id,
    name: upstream.name,
    provider,
    origin: url.origin,
    allowPrivateNetwork: upstream.allowPrivateNetwork,
    health: compileHealth(upstream.health),
    options,
    atPath,
    ...compileLimits("upstream", upstream),
  };
}

/** Adds a base URL's query, which starts with `?` or is empty, to a path that may have one of its own. */
function withQuery(path: string, search: string): string {
  return search !== "" && path.includes("?") ? `${path}&${search.slice(1)}` : path + search;
}

function buildPlan(plan: PlanDocument): CompiledPlan {
  const { id, name, maxStaleSeconds } = plan;
  const staleMsMax = maxStaleSeconds === undefined ? Number.POSITIVE_INFINITY : maxStaleSeconds * 1_000;
  return { id, name, staleMsMax, routes: compileRouteRule(plan.routes), ...compileLimits("plan", plan) };
}

class RouteBuilder {
  private readonly upstreams: ReadonlyMap<string, CompiledUpstream>;
  private readonly upstreamTimeouts: ReadonlyMap<string, Timeouts>;
  private readonly prices: ReadonlyMap<string, PriceDocument>;
  private readonly documents: ReadonlyMap<string, UpstreamDocument>;

  constructor(
    document: PolicyDocument,
    upstreams: ReadonlyMap<string, CompiledUpstream>,
    prices: ReadonlyMap<string, PriceDocument>,
  ) {
    this.upstreams = upstreams;
    this.prices = prices;
    this.documents = new Map(document.upstreams.map((upstream) => [upstream.id, upstream]));
    this.upstreamTimeouts = new Map(document.upstreams.map((upstream) => [upstream.id, upstream.timeouts]));
  }

  build(route: RouteDocument, index: number): CompiledRoute {
    const versions = route.versions.map((version, place) =>
      this.buildVersion(route, version, `/routes/${index}/versions/${place}`),
    );
    const defaultVersion = versions.find((version) => version.version === route.defaultVersion);
    if (defaultVersion === undefined) refuse(`/routes/${index}/defaultVersion`, "The default version does not exist.");
    return {
      id: route.id,
      name: route.name,
      kind: route.kind,
      defaultVersion,
      byPin: compilePins(versions),
      ...compileLimits("route", route),
    };
  }

  private buildVersion({ id, name }: RouteDocument, version: RouteVersionDocument, path: string): CompiledVersion {
    return withServing({
      version: version.version,
      status: version.status,
      successor: version.successor,
      life: compileLife(version),
      label: `${name}@${version.version}`,
      strategy: version.strategy,
      hashBy: version.hashBy,
      targets: version.targets.map((target, index) => this.buildTarget(version, target, `${path}/targets/${index}`)),
      attempts: version.retry.attempts,
      retryOn: version.retry.on === undefined ? null : new Set(version.retry.on),
      deprecationHeaders: retirementHeaders(name, version),
      onNotCarried: version.onNotCarried,
      guards: this.buildGuards(version, `${path}/guardrails`),
      cache: version.cache,
      http: version.http === null ? null : compileHttp(version.http),
      cacheSeed: cacheSeed(id, name, version, this.documents),
    });
  }

  private buildGuards({ guardrails, targets }: RouteVersionDocument, path: string): CompiledGuards | null {
    const providers = targets.flatMap(({ upstreamId }) => this.upstreams.get(upstreamId)?.provider.kind ?? []);
    const addressOf = (guard: { readonly upstreamId: string; readonly path: string }): WebhookAddress | undefined => {
      const upstream = this.upstreams.get(guard.upstreamId);
      if (upstream === undefined) return undefined;
      const { id: upstreamId, origin, allowPrivateNetwork, atPath } = upstream;
      return { upstreamId, origin, allowPrivateNetwork, path: atPath(guard.path) };
    };
    return compileGuards(guardrails, providers, addressOf, (problem) => refuse(path + problem.path, problem.message));
  }

  private buildTarget(
    version: RouteVersionDocument,
    target: RouteVersionDocument["targets"][number],
    path: string,
  ): CompiledTarget {
    const upstream = this.upstreams.get(target.upstreamId);
    if (upstream === undefined) refuse(`${path}/upstreamId`, "The upstream does not exist.");
    const { provider, options } = upstream;
    const parts: EndpointParts = { provider, options, model: target.model, atPath: upstream.atPath, at: path };
    return {
      id: target.id,
      weight: target.weight,
      priority: target.priority,
      hash: hashOf(`${target.upstreamId}\n${target.model}`),
      model: target.model,
      modelJson: Buffer.from(JSON.stringify(target.model)),
      upstream,
      timeouts: { ...TIMEOUTS_DEFAULT, ...this.upstreamTimeouts.get(target.upstreamId), ...version.timeouts },
      price: this.prices.get(priceKey(upstream.provider.kind, target.model)) ?? null,
      endpoints: compileEndpoints(parts),
      translation: compileTranslation(parts),
      embedding: compileEmbedding(parts),
    };
  }
}

function byKey<T>(items: readonly T[], key: (item: T) => string, kind: string): Map<string, T> {
  const map = new Map(items.map((item) => [key(item), item]));
  if (map.size !== items.length) refuse(`/${kind}`, `Two ${kind} have the same name or id.`);
  return map;
}

/**
 * Builds everything a call reads from a document that was parsed strictly and whose references resolve.
 * Throws `RevisionRejected` for what this node cannot run.
 */
export function buildIndexes(
  header: { readonly epoch: number; readonly number: number; readonly sha256: string },
  document: PolicyDocument,
): Snapshot {
  const upstreams = byKey(document.upstreams.map(buildUpstream), (upstream) => upstream.id, "upstreams");
  const prices = new Map(document.prices.entries.map((price) => [priceKey(price.provider, price.model), price]));
  const builder = new RouteBuilder(document, upstreams, prices);
  const routes = document.routes.map((route, index) => builder.build(route, index));
  return {
    epoch: header.epoch,
    number: header.number,
    label: String(header.number),
    sha256: header.sha256,
    routes: byKey(routes, (route) => route.name, "routes"),
    plans: byKey(document.plans.map(buildPlan), (plan) => plan.id, "plans"),
    hasStaleBound: document.plans.some((plan) => plan.maxStaleSeconds !== undefined),
    upstreams,
    priceVersion: document.prices.version,
    prices,
  };
}
