import type { UpstreamDialect } from "#gateway/dialects/dialect.ts";
import type { EmbeddingUpstream } from "#gateway/dialects/embedding.ts";
import type { UsageReader } from "#gateway/dialects/usage-reader.ts";
import type { CompiledGuards } from "#gateway/guard/compiled-guards.ts";
import type { ProviderAdapter } from "#gateway/providers/contract.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { CacheRule } from "#lib/contract/cache-rule.ts";
import type { HealthProbe } from "#lib/contract/health-check.ts";
import type { HashBy, PriceDocument, RetryReason, StrategyKind, Timeouts } from "#lib/contract/policy-document.ts";
import type { ProviderOptions } from "#lib/contract/providers.ts";
import type { BreakerSettings } from "#lib/policy/circuit-breaker.ts";
import type { PathRewrite, PathTemplate, QueryChange } from "#lib/policy/http-path.ts";
import type { CompiledLimits } from "#lib/policy/limits/compile-limits.ts";
import type { RouteRule } from "#lib/policy/plan-allows.ts";
import type { VersionLife } from "#lib/policy/version-life.ts";

/** An upstream's health settings, in the units that a node reckons in. */
export interface CompiledHealth {
  readonly breaker: BreakerSettings;
  /** For an upstream that cannot be connected to: consecutive failures alone count. */
  readonly reach: BreakerSettings;
  /** For a refused credential; null: it never rests. */
  readonly credential: BreakerSettings | null;
  readonly slowStartMs: number;
  readonly retryAfterMsMax: number;
  readonly triesWhenAllOut: boolean;
  readonly probe: HealthProbe;
}

/** An upstream with all that does not change from call to call worked out. */
export interface CompiledUpstream extends CompiledLimits {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderAdapter;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly allowPrivateNetwork: boolean;
  readonly health: CompiledHealth;
  readonly options: ProviderOptions;
  /** The full path of something below the base URL, for what is worked out when a snapshot is built. */
  atPath(tail: string): string;
}

/** Where a target serves one action, and how its answers tell what they used. */
export interface CompiledEndpoint {
  readonly path: string;
  /** The same path, unless the provider has another for streams. */
  readonly streamPath: string;
  readonly usage: UsageReader;
}

/** A REST route's rule, worked out. */
export interface CompiledHttp {
  readonly methods: ReadonlySet<string>;
  /** What `Allow` says. */
  readonly allow: string;
  readonly templates: readonly PathTemplate[];
  readonly rewrite: PathRewrite;
  readonly query: QueryChange;
  readonly request: CompiledHeaders;
  readonly response: CompiledHeaders;
}

/** What is done to headers: lower-case names that are dropped, and a flat list of what is added. */
export interface CompiledHeaders {
  readonly dropped: ReadonlySet<string>;
  readonly added: readonly string[];
}

/** A provider's translation with the paths of one target. */
export interface CompiledTranslation {
  readonly dialect: UpstreamDialect;
  readonly path: string;
  readonly streamPath: string;
  readonly headers: readonly string[];
}

/** How embeddings in another dialect are asked of one target. */
export interface CompiledEmbedding {
  readonly dialect: EmbeddingUpstream;
  readonly path: string;
}

export interface CompiledTarget {
  readonly id: string;
  readonly weight: number;
  readonly priority: number;
  /** What the target is to a consistent hash. */
  readonly hash: number;
  readonly model: string;
  /** Each action the provider speaks. */
  readonly endpoints: Readonly<Partial<Record<ForwardedAction, CompiledEndpoint>>>;
  /** `model` as a JSON string, ready to be spliced into a body. */
  readonly modelJson: Buffer;
  readonly upstream: CompiledUpstream;
  /** The version's timeouts over the upstream's over the defaults. */
  readonly timeouts: Required<Timeouts>;
  readonly price: PriceDocument | null;
  readonly translation: CompiledTranslation | null;
  readonly embedding: CompiledEmbedding | null;
}

export interface CompiledVersion {
  readonly version: string;
  readonly status: "active" | "deprecated" | "retired";
  readonly successor: string | null;
  /** When it is retired by itself, and when it answers as if it were. */
  readonly life: VersionLife;
  /** `name@version`, as answers and events show it. */
  readonly label: string;
  readonly strategy: StrategyKind;
  readonly hashBy: HashBy;
  readonly targets: readonly CompiledTarget[];
  readonly attempts: number;
  /** What is tried again; null: everything that may be. */
  readonly retryOn: ReadonlySet<RetryReason> | null;
  /** `Deprecation`, `Sunset` and `Link`, as a flat list; empty for a version that is not deprecated. */
  readonly deprecationHeaders: readonly string[];
  /**
   * This version with only those of its targets that can serve an action; itself where all can, absent where none can.
   * Balancing is done in it.
   */
  readonly forAction: ReadonlyMap<ForwardedAction, CompiledVersion>;
  /** What becomes of a parameter that a target's dialect cannot carry. */
  readonly onNotCarried: "refuse" | "drop";
  /** Null for a version without guardrails. */
  readonly guards: CompiledGuards | null;
  /** Null: nothing is cached. */
  readonly cache: CacheRule | null;
  /** Changes with the route's name, the version, and all that the revision says of it and of its upstreams. */
  readonly cacheSeed: string;
  /** How a REST route's version is served; null for a model's. */
  readonly http: CompiledHttp | null;
}

export interface CompiledRoute extends CompiledLimits {
  readonly id: string;
  readonly kind: "model" | "http";
  readonly name: string;
  readonly defaultVersion: CompiledVersion;
  readonly byPin: ReadonlyMap<string, CompiledVersion>;
}

export interface CompiledPlan extends CompiledLimits {
  readonly id: string;
  readonly name: string;
  readonly routes: RouteRule;
  /** How long after the node was last up to date calls of it are taken; infinity: always. */
  readonly staleMsMax: number;
}

/**
 * Everything policy says, ready to be read: immutable, built aside, swapped by one pointer. A call reads the pointer once
 * and keeps what it got, so that it never sees two revisions.
 */
export interface Snapshot {
  readonly epoch: number;
  readonly number: number;
  /** `number` as a header value. */
  readonly label: string;
  readonly sha256: string;
  readonly routes: ReadonlyMap<string, CompiledRoute>;
  readonly plans: ReadonlyMap<string, CompiledPlan>;
  /** Whether a plan says how stale a node may be. */
  readonly hasStaleBound: boolean;
  readonly upstreams: ReadonlyMap<string, CompiledUpstream>;
  readonly priceVersion: string;
  /** By `priceKey`. */
  readonly prices: ReadonlyMap<string, PriceDocument>;
}

/** Under what a provider's model is found among the prices. */
export function priceKey(provider: string, model: string): string {
  return `${provider}\n${model}`;
}
