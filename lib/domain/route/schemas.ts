import { z } from "zod";
import { CacheRule } from "../../contract/cache-rule.ts";
import { Guardrails } from "../../contract/guardrail.ts";
import { HttpRule } from "../../contract/http-rule.ts";
import { Id, RouteName, Timestamp, VersionNumber } from "../../contract/names.ts";
import { Brownout, HashBy, RetryRule, RouteKind, StrategyKind, Timeouts } from "../../contract/policy-document.ts";
import { RATE_LIMITS_MAX, RouteRateLimit } from "../../contract/rate-limit.ts";
import { pageOf } from "../page.ts";

export const TargetInput = z.strictObject({
  upstreamId: Id,
  /** The upstream's own name for the model; a REST upstream has none. */
  model: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\p{Cc}"\\]*$/u, "must not contain control characters, quotes or backslashes")
    .default(""),
  weight: z.int().min(0).max(1_000_000).default(1),
  priority: z.int().min(0).max(1_000).default(0),
});

/** What becomes of a parameter that a target's dialect cannot carry. */
export const OnNotCarried = z.enum(["refuse", "drop"]);

/** How one version of a route is served. */
export const VersionFields = z.strictObject({
  strategy: StrategyKind.default("round_robin"),
  /** What `consistent_hash` goes by: calls with the same one go to the same target. */
  hashBy: HashBy.default("user"),
  targets: z.array(TargetInput).min(1, "needs at least one target").max(50),
  retry: RetryRule.default({ attempts: 2 }),
  timeouts: Timeouts.default({}),
  onNotCarried: OnNotCarried.default("refuse"),
  cache: CacheRule.nullable().default(null),
  guardrails: Guardrails.default([]),
  /** For a route of kind `http`, and for no other. */
  http: HttpRule.nullable().default(null),
});

/** Limits of a route hold for all of its versions. */
const RateLimits = z.array(RouteRateLimit).max(RATE_LIMITS_MAX).default([]);

export const RouteCreate = VersionFields.extend({
  name: RouteName,
  description: z.string().max(2_000).default(""),
  kind: RouteKind.default("model"),
  version: VersionNumber.default("1.0.0"),
  rateLimits: RateLimits,
});

export const RoutePatch = z.strictObject({
  name: RouteName,
  description: z.string().max(2_000).default(""),
  defaultVersion: VersionNumber,
  rateLimits: RateLimits,
});

export const VersionCreate = VersionFields.extend({ id: Id, version: VersionNumber });

export const VersionPatch = VersionFields.extend({
  status: z.enum(["active", "deprecated", "retired"]),
  deprecatedAt: Timestamp.nullable().default(null),
  sunsetAt: Timestamp.nullable().default(null),
  successor: VersionNumber.nullable().default(null),
  /** Short times before the sunset in which the version answers as if it were retired. */
  brownouts: z.array(Brownout).max(50).default([]),
});

export const TargetView = z.object({
  id: Id,
  upstreamId: Id,
  /** Null when the draft has no such upstream any more. */
  upstreamName: z.string().nullable(),
  model: z.string(),
  weight: z.int(),
  priority: z.int(),
});

export const VersionView = z.object({
  id: Id,
  version: z.string(),
  status: z.enum(["active", "deprecated", "retired"]),
  deprecatedAt: Timestamp.nullable(),
  sunsetAt: Timestamp.nullable(),
  successor: z.string().nullable(),
  strategy: StrategyKind,
  hashBy: HashBy,
  targets: z.array(TargetView),
  retry: RetryRule,
  timeouts: Timeouts,
  onNotCarried: OnNotCarried,
  cache: CacheRule.nullable(),
  guardrails: Guardrails,
  brownouts: z.array(Brownout),
  http: HttpRule.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type VersionView = z.infer<typeof VersionView>;

export const RouteView = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  kind: RouteKind,
  defaultVersion: z.string(),
  rateLimits: z.array(RouteRateLimit),
  versions: z.array(VersionView),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type RouteView = z.infer<typeof RouteView>;
export const RoutePage = pageOf(RouteView);
/** Who called a version in a time, whom first who called most. */
export const CallersView = z.object({
  from: Timestamp,
  days: z.int(),
  data: z.array(
    z.object({
      /** Without a name when it was deleted since. */
      consumer: z.object({ id: z.string(), name: z.string().nullable() }),
      team: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
      calls: z.int(),
      /** Calls among them that the gateway refused: in a brown-out, after the sunset, or by any other policy. */
      refused: z.int(),
      lastCallAt: Timestamp,
      actions: z.array(z.string()),
      /** Top-level parameters of their bodies. */
      parameters: z.array(z.string()),
    }),
  ),
});
export type CallersView = z.infer<typeof CallersView>;
export const VersionPage = pageOf(VersionView);
