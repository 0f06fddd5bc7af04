import { z } from "zod";
import { CacheRule } from "./cache-rule.ts";
import { Guardrails } from "./guardrail.ts";
import { HealthPolicy } from "./health-check.ts";
import { HttpRule } from "./http-rule.ts";
import { Id, RouteName, Timestamp, VersionNumber } from "./names.ts";
import { PlanRateLimit, RouteRateLimit, UpstreamRateLimit } from "./rate-limit.ts";

/**
 * The document that a revision carries and a node runs: everything policy says, fully resolved.
 * Strict everywhere: a node that meets a field it does not know rejects the revision rather than ignore a rule.
 */
export const StrategyKind = z.enum([
  "round_robin",
  "weighted",
  "least_connections",
  "lowest_latency",
  "priority",
  "consistent_hash",
]);
export type StrategyKind = z.infer<typeof StrategyKind>;

/** What a consistent hash is taken of; where a call names no user, it is the consumer. */
export const HashBy = z.enum(["user", "consumer", "key"]);
export type HashBy = z.infer<typeof HashBy>;

export const Timeouts = z.strictObject({
  /** Until the connection stands. */
  connectMs: z.int().min(10).max(60_000).optional(),
  /** From sending the request to the first byte of the answer's head. */
  firstByteMs: z.int().min(10).max(600_000).optional(),
  /** Longest silence between two chunks of an answer. */
  idleMs: z.int().min(10).max(600_000).optional(),
  /** From the start of the call to its last byte, retries included. */
  totalMs: z.int().min(10).max(3_600_000).optional(),
});
export type Timeouts = z.infer<typeof Timeouts>;

export const UpstreamOptions = z.record(z.string().min(1).max(60), z.string().min(1).max(300));

export const UpstreamDocument = z.strictObject({
  id: Id,
  name: z.string(),
  provider: z.string(),
  baseUrl: z.url(),
  /** What only this provider needs; the provider's own list says what may stand here. */
  options: UpstreamOptions.default({}),
  allowPrivateNetwork: z.boolean(),
  timeouts: Timeouts,
  health: HealthPolicy.prefault({}),
  rateLimits: z.array(UpstreamRateLimit).default([]),
  isDemo: z.boolean(),
});
export type UpstreamDocument = z.infer<typeof UpstreamDocument>;

/** Nodes report every five seconds: less than three reports would refuse calls for a hiccup. */
export const MaxStaleSeconds = z.int().min(15).max(31_536_000);

export const PlanDocument = z.strictObject({
  id: Id,
  name: z.string(),
  rateLimits: z.array(PlanRateLimit),
  /** Route names, or "*" for every route. */
  routes: z.array(z.string()),
  /** A node that has not been up to date with the control plane for longer refuses calls of this plan; absent: never. */
  maxStaleSeconds: MaxStaleSeconds.optional(),
});
export type PlanDocument = z.infer<typeof PlanDocument>;

/**
 * What a retry can be for. `connect`: no connection. `reset`: closed without an answer. `timeout`: connect or first byte.
 * `server_error`: 5xx, or an answer that cannot be used. `rate_limit`: 429. `credential`: 401, 403, 407.
 */
export const RetryReason = z.enum(["connect", "reset", "timeout", "server_error", "rate_limit", "credential"]);
export type RetryReason = z.infer<typeof RetryReason>;

export const RetryRule = z.strictObject({
  /** In all, the first included. */
  attempts: z.int().min(1).max(10),
  /** What is tried again; absent: everything that may be. */
  on: z.array(RetryReason).min(1).max(RetryReason.options.length).optional(),
});
export type RetryRule = z.infer<typeof RetryRule>;

export const TargetDocument = z.strictObject({
  id: Id,
  upstreamId: Id,
  model: z.string(),
  weight: z.int().min(0).max(1_000_000),
  priority: z.int().min(0).max(1_000),
});
export type TargetDocument = z.infer<typeof TargetDocument>;

/** A short time, before the sunset, in which a version answers as if it were retired: its callers notice while it still is. */
export const Brownout = z.strictObject({
  startsAt: Timestamp,
  durationSeconds: z.int().min(1).max(86_400),
});
export type Brownout = z.infer<typeof Brownout>;

export const RouteVersionDocument = z.strictObject({
  version: VersionNumber,
  status: z.enum(["active", "deprecated", "retired"]),
  deprecatedAt: Timestamp.nullable(),
  sunsetAt: Timestamp.nullable(),
  successor: VersionNumber.nullable(),
  strategy: StrategyKind,
  hashBy: HashBy.default("user"),
  targets: z.array(TargetDocument).min(1),
  retry: RetryRule,
  timeouts: Timeouts,
  /** What becomes of a parameter that a target's dialect cannot carry: the call is refused, or it is left out. */
  onNotCarried: z.enum(["refuse", "drop"]).default("refuse"),
  /** Null: nothing is cached. */
  cache: CacheRule.nullable().default(null),
  guardrails: Guardrails.default([]),
  brownouts: z.array(Brownout).default([]),
  /** How a route of kind `http` is served; null for a model's. */
  http: HttpRule.nullable().default(null),
});
export type RouteVersionDocument = z.infer<typeof RouteVersionDocument>;

export const RouteKind = z.enum(["model", "http"]);
export type RouteKind = z.infer<typeof RouteKind>;

export const RouteDocument = z.strictObject({
  id: Id,
  name: RouteName,
  /** `model`: called by the name in a request's body. `http`: a REST API under `/apis/{name}`. */
  kind: RouteKind.default("model"),
  defaultVersion: VersionNumber,
  rateLimits: z.array(RouteRateLimit).default([]),
  versions: z.array(RouteVersionDocument).min(1),
});
export type RouteDocument = z.infer<typeof RouteDocument>;

/** Dollars per million units as a decimal string; tiers apply to the whole call once its input reaches `fromTokens`. */
export const PricePerMillion = z.array(z.strictObject({ fromTokens: z.int().min(0), dollars: z.string() })).min(1);
export type PricePerMillion = z.infer<typeof PricePerMillion>;

export const PriceDocument = z.strictObject({
  provider: z.string(),
  model: z.string(),
  input: PricePerMillion.nullable(),
  cachedInput: PricePerMillion.nullable(),
  cacheWrite: PricePerMillion.nullable(),
  output: PricePerMillion.nullable(),
  /** Dollars per thousand requests, where a provider charges per request. */
  perThousandRequests: z.string().nullable(),
  /** Set by an admin in the place of the price list. All of them stand here, also those of models that no route uses. */
  isOverride: z.boolean().default(false),
});
export type PriceDocument = z.infer<typeof PriceDocument>;

export const PolicyDocument = z.strictObject({
  schemaVersion: z.literal(1),
  upstreams: z.array(UpstreamDocument),
  plans: z.array(PlanDocument),
  routes: z.array(RouteDocument),
  /** The prices in force, by provider and model of every target that has one, with the version of their source. */
  prices: z.strictObject({ version: z.string(), entries: z.array(PriceDocument) }),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
