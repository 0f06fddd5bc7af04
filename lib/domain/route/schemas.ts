import { z } from "zod";
import { Id, RouteName, Timestamp, VersionNumber } from "../../contract/names.ts";
import { StrategyKind, Timeouts } from "../../contract/policy-document.ts";
import { pageOf } from "../page.ts";

const PLANNED_STRATEGIES = ["least_connections", "lowest_latency", "priority"] as const;
const notSupported = (message: string) => ({ message, params: { code: "not_supported" } });

const Strategy = z
  .enum([...StrategyKind.options, ...PLANNED_STRATEGIES])
  .refine(
    (strategy) => StrategyKind.options.some((known) => known === strategy),
    notSupported(`Only ${StrategyKind.options.join(" and ")} work in this release.`),
  );

export const TargetInput = z.strictObject({
  upstreamId: Id,
  /** The upstream's own name for the model. */
  model: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(200)
    .regex(/^[^\p{Cc}"\\]*$/u, "must not contain control characters, quotes or backslashes"),
  weight: z.int().min(0).max(1_000_000).default(1),
  priority: z.int().min(0).max(1_000).default(0),
});

const Cache = z.strictObject({ ttlSeconds: z.int().min(0) }).nullable();

/** What becomes of a parameter that a target's dialect cannot carry. */
export const OnNotCarried = z.enum(["refuse", "drop"]);

/** How one version of a route is served. */
export const VersionFields = z.strictObject({
  strategy: Strategy.default("round_robin"),
  targets: z.array(TargetInput).min(1, "needs at least one target").max(50),
  /** Attempts in all, the first included. */
  retry: z.strictObject({ attempts: z.int().min(1).max(10) }).default({ attempts: 2 }),
  timeouts: Timeouts.default({}),
  onNotCarried: OnNotCarried.default("refuse"),
  cache: Cache.refine(
    (cache) => cache === null,
    notSupported("Caching is not enforced in this release. Leave it out."),
  ).default(null),
});

export const RouteCreate = VersionFields.extend({
  name: RouteName,
  description: z.string().max(2_000).default(""),
  kind: z
    .enum(["model", "http"])
    .refine((kind) => kind === "model", notSupported('Only routes of kind "model" work in this release.'))
    .default("model"),
  version: VersionNumber.default("1.0.0"),
});

export const RoutePatch = z.strictObject({
  name: RouteName,
  description: z.string().max(2_000).default(""),
  defaultVersion: VersionNumber,
});

export const VersionCreate = VersionFields.extend({ id: Id, version: VersionNumber });

export const VersionPatch = VersionFields.extend({
  status: z.enum(["active", "deprecated", "retired"]),
  deprecatedAt: Timestamp.nullable().default(null),
  sunsetAt: Timestamp.nullable().default(null),
  successor: VersionNumber.nullable().default(null),
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
  targets: z.array(TargetView),
  retry: z.object({ attempts: z.int() }),
  timeouts: Timeouts,
  onNotCarried: OnNotCarried,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type VersionView = z.infer<typeof VersionView>;

export const RouteView = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  kind: z.literal("model"),
  defaultVersion: z.string(),
  versions: z.array(VersionView),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type RouteView = z.infer<typeof RouteView>;
export const RoutePage = pageOf(RouteView);
export const VersionPage = pageOf(VersionView);
