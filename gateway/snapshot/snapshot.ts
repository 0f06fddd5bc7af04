import type { UpstreamDialect } from "#gateway/dialects/dialect.ts";
import type { ProviderAdapter } from "#gateway/providers/contract.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { PriceDocument, StrategyKind, Timeouts } from "#lib/contract/policy-document.ts";
import type { GcraRule } from "#lib/policy/gcra.ts";
import type { RouteRule } from "#lib/policy/plan-allows.ts";

/** An upstream with all that does not change from call to call worked out. */
export interface CompiledUpstream {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderAdapter;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly allowPrivateNetwork: boolean;
  /** The full path of each action this upstream serves. */
  readonly paths: Readonly<Partial<Record<ForwardedAction, string>>>;
  /** The full path of something below the base URL, for what is worked out when a snapshot is built. */
  atPath(tail: string): string;
}

/** A provider's translation with the paths of one target. */
export interface CompiledTranslation {
  readonly dialect: UpstreamDialect;
  readonly path: string;
  readonly streamPath: string;
  readonly headers: readonly string[];
}

export interface CompiledTarget {
  readonly id: string;
  readonly weight: number;
  readonly model: string;
  /** `model` as a JSON string, ready to be spliced into a body. */
  readonly modelJson: Buffer;
  readonly upstream: CompiledUpstream;
  /** The version's timeouts over the upstream's over the defaults. */
  readonly timeouts: Required<Timeouts>;
  readonly price: PriceDocument | null;
  readonly translation: CompiledTranslation | null;
}

export interface CompiledVersion {
  readonly version: string;
  readonly status: "active" | "deprecated" | "retired";
  readonly successor: string | null;
  /** `name@version`, as answers and events show it. */
  readonly label: string;
  readonly strategy: StrategyKind;
  readonly targets: readonly CompiledTarget[];
  readonly attempts: number;
  /** `Deprecation`, `Sunset` and `Link`, as a flat list; empty for a version that is not deprecated. */
  readonly deprecationHeaders: readonly string[];
  /**
   * This version with only those of its targets that can serve an action; itself where all can, absent where none can.
   * Balancing is done in it.
   */
  readonly forAction: ReadonlyMap<ForwardedAction, CompiledVersion>;
  /** What becomes of a parameter that a target's dialect cannot carry. */
  readonly onNotCarried: "refuse" | "drop";
}

export interface CompiledRoute {
  readonly name: string;
  readonly defaultVersion: CompiledVersion;
  readonly byPin: ReadonlyMap<string, CompiledVersion>;
}

export interface CompiledLimit {
  /** Names the counter: equal limits share it across revisions. */
  readonly key: string;
  readonly rule: GcraRule;
  /** The limit's name in `RateLimit` headers, quoted: `"requests-60s"`. */
  readonly label: string;
}

export interface CompiledPlan {
  readonly id: string;
  readonly name: string;
  readonly routes: RouteRule;
  readonly limits: readonly CompiledLimit[];
  /** The constant `RateLimit-Policy` of this plan. */
  readonly limitPolicyHeader: string;
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
  readonly upstreams: ReadonlyMap<string, CompiledUpstream>;
  readonly priceVersion: string;
  /** By `priceKey`. */
  readonly prices: ReadonlyMap<string, PriceDocument>;
}

/** Under what a provider's model is found among the prices. */
export function priceKey(provider: string, model: string): string {
  return `${provider}\n${model}`;
}
