import type { ForwardedAction } from "../../contract/action.ts";
import type { CacheRule } from "../../contract/cache-rule.ts";
import { canonicalJson } from "../../contract/canonical.ts";
import type { GuardrailOf } from "../../contract/guardrail.ts";
import type {
  HashBy,
  PlanDocument,
  PolicyDocument,
  PriceDocument,
  RouteDocument,
  RouteVersionDocument,
  StrategyKind,
  TargetDocument,
  UpstreamDocument,
} from "../../contract/policy-document.ts";
import { providerServes } from "../../contract/provider-actions.ts";
import type { AdmittingRoute } from "../../policy/admit-caller.ts";
import { type CompiledParameters, compileParameters } from "../../policy/guard-request.ts";
import { type CompiledLimits, compileLimits } from "../../policy/limits/compile-limits.ts";
import { compileRouteRule, type RouteRule } from "../../policy/plan-allows.ts";
import { compilePins, type ResolvableVersion } from "../../policy/resolve-model.ts";
import { hashOf } from "../../policy/select-by-hash.ts";
import { compileLife, type VersionLife } from "../../policy/version-life.ts";

/** A target as a simulation chooses it: without addresses, credentials and translations. */
export interface SimulatedTarget {
  readonly id: string;
  /** Names what answers, whatever else changes: upstream and model. */
  readonly key: string;
  readonly upstream: SimulatedUpstream;
  readonly model: string;
  readonly weight: number;
  readonly priority: number;
  readonly hash: number;
  readonly price: PriceDocument | null;
}

export interface SimulatedUpstream extends CompiledLimits {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
}

export interface SimulatedVersion extends ResolvableVersion {
  readonly label: string;
  readonly life: VersionLife;
  readonly strategy: StrategyKind;
  readonly hashBy: HashBy;
  readonly targets: readonly SimulatedTarget[];
  readonly cache: CacheRule | null;
  readonly maxPrompt: readonly GuardrailOf<"max_prompt">[];
  readonly parameters: readonly CompiledParameters[];
  readonly maxOutput: readonly GuardrailOf<"max_output">[];
  /** Whether it has enforced guards of texts, which cannot be asked again: no text is kept. */
  readonly guardsTexts: boolean;
  /** Equal for two versions that balance alike: between them a call keeps its target. */
  readonly balance: string;
  /** The targets that can serve each action that was asked for so far. */
  readonly serving: Map<ForwardedAction, readonly SimulatedTarget[]>;
}

export interface SimulatedRoute extends AdmittingRoute<SimulatedVersion>, CompiledLimits {}

export interface SimulatedPlan extends CompiledLimits {
  readonly name: string;
  readonly routes: RouteRule;
}

/** What a revision's document says of calls, compiled by the node's own functions. */
export interface SimulatedPolicy {
  /** Above every revision: the directory's own order is not simulated. */
  readonly number: number;
  readonly plans: ReadonlyMap<string, SimulatedPlan>;
  readonly routes: ReadonlyMap<string, SimulatedRoute>;
}

/** Compiles a document whose references resolve. Throws for one whose references do not. */
export function compileSimulatedPolicy(document: PolicyDocument): SimulatedPolicy {
  const upstreams = new Map(document.upstreams.map((upstream) => [upstream.id, simulatedUpstream(upstream)]));
  const prices = new Map(document.prices.entries.map((price) => [`${price.provider}\n${price.model}`, price]));
  const find = (id: string): SimulatedUpstream => {
    const upstream = upstreams.get(id);
    if (upstream === undefined) throw new Error(`No upstream ${id} in the document`);
    return upstream;
  };
  const targetOf = (target: TargetDocument): SimulatedTarget =>
    simulatedTarget(target, find(target.upstreamId), prices);
  return {
    number: Number.MAX_SAFE_INTEGER,
    plans: new Map(document.plans.map((plan) => [plan.id, simulatedPlan(plan)])),
    routes: new Map(document.routes.map((route) => [route.name, simulatedRoute(route, targetOf)])),
  };
}

function simulatedUpstream(upstream: UpstreamDocument): SimulatedUpstream {
  const { id, name, provider } = upstream;
  return { id, name, provider, ...compileLimits("upstream", upstream) };
}

function simulatedPlan(plan: PlanDocument): SimulatedPlan {
  return { name: plan.name, routes: compileRouteRule(plan.routes), ...compileLimits("plan", plan) };
}

/** Under what an answering model is found in both documents. */
export function targetKey(upstreamId: string, model: string): string {
  return `${upstreamId}\n${model}`;
}

function simulatedTarget(
  { id, upstreamId, model, weight, priority }: TargetDocument,
  upstream: SimulatedUpstream,
  prices: ReadonlyMap<string, PriceDocument>,
): SimulatedTarget {
  const key = targetKey(upstreamId, model);
  const price = prices.get(`${upstream.provider}\n${model}`) ?? null;
  return { id, key, upstream, model, weight, priority, hash: hashOf(key), price };
}

function simulatedRoute(route: RouteDocument, targetOf: (target: TargetDocument) => SimulatedTarget): SimulatedRoute {
  const versions = route.versions.map((version) => simulatedVersion(route.name, version, targetOf));
  const defaultVersion = versions.find(({ version }) => version === route.defaultVersion);
  if (defaultVersion === undefined) throw new Error(`Route ${route.name} has no version ${route.defaultVersion}`);
  const { name, kind } = route;
  return { name, kind, defaultVersion, byPin: compilePins(versions), ...compileLimits("route", route) };
}

function simulatedVersion(
  route: string,
  document: RouteVersionDocument,
  targetOf: (target: TargetDocument) => SimulatedTarget,
): SimulatedVersion {
  const { version, status, successor, strategy, hashBy, guardrails } = document;
  const shown = document.targets.map(({ upstreamId, model, weight, priority }) => [
    upstreamId,
    model,
    weight,
    priority,
  ]);
  return {
    version,
    status,
    successor,
    label: `${route}@${version}`,
    life: compileLife(document),
    strategy,
    hashBy,
    targets: document.targets.map(targetOf),
    cache: document.cache,
    maxPrompt: guardrails.filter((guard) => guard.kind === "max_prompt"),
    parameters: guardrails.filter((guard) => guard.kind === "parameters").map(compileParameters),
    maxOutput: guardrails.filter((guard) => guard.kind === "max_output"),
    guardsTexts: guardrails.some(
      ({ kind, mode }) => mode === "enforce" && (kind === "pattern" || kind === "pii" || kind === "webhook"),
    ),
    balance: canonicalJson([strategy, hashBy, shown]),
    serving: new Map(),
  };
}

/** The targets of a version that can serve an action. */
export function servingTargets(version: SimulatedVersion, action: ForwardedAction): readonly SimulatedTarget[] {
  let found = version.serving.get(action);
  if (found === undefined) {
    found = version.targets.filter(({ upstream }) => providerServes(upstream.provider, action));
    version.serving.set(action, found);
  }
  return found;
}
