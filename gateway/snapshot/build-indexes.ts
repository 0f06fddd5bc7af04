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
import { classifyHost } from "#lib/policy/address.ts";
import { compileGcra } from "#lib/policy/gcra.ts";
import { compileRouteRule } from "#lib/policy/plan-allows.ts";
import { compilePins } from "#lib/policy/resolve-model.ts";
import { RevisionRejected } from "./revision-rejected.ts";
import { withServing } from "./serving.ts";
import {
  type CompiledLimit,
  type CompiledPlan,
  type CompiledRoute,
  type CompiledTarget,
  type CompiledTranslation,
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
  const provider = providerAdapter(upstream.provider);
  if (provider === undefined) refuse(`${path}/provider`, `This node has no adapter for "${upstream.provider}".`);
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
  const paths = Object.fromEntries(Object.entries(provider.paths).map(([action, tail]) => [action, atPath(tail)]));
  return {
    id: upstream.id,
    name: upstream.name,
    provider,
    origin: url.origin,
    allowPrivateNetwork: upstream.allowPrivateNetwork,
    paths,
    atPath,
  };
}

/** Adds a base URL's query, which starts with `?` or is empty, to a path that may have one of its own. */
function withQuery(path: string, search: string): string {
  return search !== "" && path.includes("?") ? `${path}&${search.slice(1)}` : path + search;
}

function buildTranslation({ provider, atPath }: CompiledUpstream, model: string): CompiledTranslation | null {
  const { translation } = provider;
  if (translation === null) return null;
  const full = (tail: string): string => atPath(tail.replaceAll("{model}", encodeURIComponent(model)));
  const { dialect, headers } = translation;
  return { dialect, headers, path: full(translation.path), streamPath: full(translation.streamPath) };
}

function buildPlan(plan: PlanDocument): CompiledPlan {
  const limits = new Map<string, CompiledLimit>();
  for (const { metric, limit, windowSeconds } of plan.rateLimits) {
    const key = `${metric}:${limit}:${windowSeconds}`;
    limits.set(key, { key, rule: compileGcra(limit, windowSeconds), label: `"${metric}-${windowSeconds}s"` });
  }
  const compiled = [...limits.values()];
  return {
    id: plan.id,
    name: plan.name,
    routes: compileRouteRule(plan.routes),
    limits: compiled,
    limitPolicyHeader: compiled.map(({ label, rule }) => `${label};q=${rule.limit};w=${rule.windowSeconds}`).join(", "),
  };
}

class RouteBuilder {
  private readonly upstreams: ReadonlyMap<string, CompiledUpstream>;
  private readonly upstreamTimeouts: ReadonlyMap<string, Timeouts>;
  private readonly prices: ReadonlyMap<string, PriceDocument>;

  constructor(
    document: PolicyDocument,
    upstreams: ReadonlyMap<string, CompiledUpstream>,
    prices: ReadonlyMap<string, PriceDocument>,
  ) {
    this.upstreams = upstreams;
    this.prices = prices;
    this.upstreamTimeouts = new Map(document.upstreams.map((upstream) => [upstream.id, upstream.timeouts]));
  }

  build(route: RouteDocument, index: number): CompiledRoute {
    const versions = route.versions.map((version, place) =>
      this.buildVersion(route.name, version, `/routes/${index}/versions/${place}`),
    );
    const defaultVersion = versions.find((version) => version.version === route.defaultVersion);
    if (defaultVersion === undefined) refuse(`/routes/${index}/defaultVersion`, "The default version does not exist.");
    return { name: route.name, defaultVersion, byPin: compilePins(versions) };
  }

  private buildVersion(name: string, version: RouteVersionDocument, path: string): CompiledVersion {
    return withServing({
      version: version.version,
      status: version.status,
      successor: version.successor,
      label: `${name}@${version.version}`,
      strategy: version.strategy,
      targets: version.targets.map((target, index) => this.buildTarget(version, target, `${path}/targets/${index}`)),
      attempts: version.retry.attempts,
      deprecationHeaders: retirementHeaders(name, version),
      onNotCarried: version.onNotCarried,
    });
  }

  private buildTarget(
    version: RouteVersionDocument,
    target: RouteVersionDocument["targets"][number],
    path: string,
  ): CompiledTarget {
    const upstream = this.upstreams.get(target.upstreamId);
    if (upstream === undefined) refuse(`${path}/upstreamId`, "The upstream does not exist.");
    return {
      id: target.id,
      weight: target.weight,
      model: target.model,
      modelJson: Buffer.from(JSON.stringify(target.model)),
      upstream,
      timeouts: { ...TIMEOUTS_DEFAULT, ...this.upstreamTimeouts.get(target.upstreamId), ...version.timeouts },
      price: this.prices.get(priceKey(upstream.provider.kind, target.model)) ?? null,
      translation: buildTranslation(upstream, target.model),
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
    upstreams,
    priceVersion: document.prices.version,
    prices,
  };
}
