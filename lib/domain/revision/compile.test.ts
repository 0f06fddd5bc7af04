import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../contract/canonical.ts";
import { HealthPolicy } from "../../contract/health-check.ts";
import { StrategyKind } from "../../contract/policy-document.ts";
import { compilePolicy, type PolicyRows, pricesOn } from "./compile.ts";

const prices = pricesOn(new Date("2026-11-24T00:00:00Z"));
const textOf = (rows: PolicyRows) => canonicalJson(compilePolicy(rows, prices));

const life = { version: 1, createdAt: new Date(0), updatedAt: new Date(0) };
const limits = fc.array(
  fc.record({
    metric: fc.constant("requests"),
    limit: fc.integer({ min: 1, max: 1_000 }),
    windowSeconds: fc.constantFrom(1, 60),
  }),
  { maxLength: 2 },
);
const tiers = fc.array(fc.record({ fromTokens: fc.constant(0), dollars: fc.constantFrom("1", "2") }), {
  minLength: 1,
  maxLength: 1,
});
const noRows = fc.array(fc.string(), { maxLength: 0 });
const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 4 });

const upstreamRows = names.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(`ups_${id}`),
        name: fc.constant(id),
        provider: fc.constantFrom("openai", "anthropic"),
        baseUrl: fc.constant("https://a.example/v1"),
        allowPrivateNetwork: fc.boolean(),
        timeouts: fc.record({ connectMs: fc.constantFrom(50, 100), totalMs: fc.constantFrom(1_000, 2_000) }),
        options: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.constantFrom("x", "y"), { maxKeys: 3 }),
        health: fc.constant(HealthPolicy.parse({})),
        rateLimits: limits,
        isDemo: fc.boolean(),
      }),
    ),
  ),
);

const planRows = names.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(`plan_${id}`),
        name: fc.constant(id),
        description: fc.string(),
        rateLimits: limits,
        routes: fc.array(fc.constantFrom("*", "a", "b"), { maxLength: 2 }),
        maxStaleSeconds: fc.option(fc.integer({ min: 60, max: 600 })),
      }),
    ),
  ),
);

const versionRows = (routeId: string) =>
  fc
    .uniqueArray(
      fc.stringMatching(/^[0-9]{1,2}$/).map((major) => `${Number(major)}.0.0`),
      { minLength: 1, maxLength: 12 },
    )
    .chain((numbers) =>
      fc.tuple(
        ...numbers.map((number) =>
          fc.record({
            id: fc.constant(`${routeId}-${number}`),
            routeId: fc.constant(routeId),
            number: fc.constant(number),
            status: fc.constant("active"),
            deprecatedAt: fc.constant(null),
            sunsetAt: fc.constant(null),
            successor: fc.constant(null),
            strategy: fc.constantFrom(...StrategyKind.options),
            hashBy: fc.constantFrom("user", "consumer", "key"),
            retry: fc.record({ attempts: fc.integer({ min: 1, max: 5 }) }),
            timeouts: fc.record({ idleMs: fc.constantFrom(100, 200) }),
            onNotCarried: fc.constantFrom("refuse", "drop"),
            cache: fc.constant(null),
            http: fc.constant(null),
            guardrails: noRows,
            brownouts: noRows,
            targets: fc.nat({ max: 3 }).map((count) =>
              Array.from({ length: count + 1 }, (_, position) => ({
                id: `tgt_${position}-${number}`,
                routeVersionId: `${routeId}-${number}`,
                upstreamId: "ups_a",
                model: `model-${position % 2}`,
                weight: 1,
                priority: position,
                position,
              })),
            ),
          }),
        ),
      ),
    );

const routeRows = names.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.constant(`rte_${id}`),
        name: fc.constant(id),
        description: fc.string(),
        kind: fc.constant("model"),
        rateLimits: limits,
        defaultVersion: fc.constant("1.0.0"),
        versions: versionRows(`rte_${id}`),
      }),
    ),
  ),
);

const priceRows = names.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        id: fc.uuid(),
        provider: fc.constantFrom("openai", "anthropic"),
        model: fc.constant(id),
        price: fc.record({
          input: fc.option(tiers),
          perThousandRequests: fc.constantFrom(null, "2"),
        }),
      }),
    ),
  ),
);

/** Rows as a database could hold them, each with what every row has. */
const policyRows: fc.Arbitrary<PolicyRows> = fc
  .record({ upstreams: upstreamRows, plans: planRows, routes: routeRows, priceOverrides: priceRows })
  .map(({ upstreams, plans, routes, priceOverrides }) => ({
    upstreams: upstreams.map((row) => ({ ...row, ...life })),
    plans: plans.map((row) => ({ ...row, ...life })),
    routes: routes.map((row) => ({
      ...row,
      ...life,
      versions: row.versions.map((version) => ({ ...version, ...life })),
    })),
    priceOverrides: priceOverrides.map((row) => ({ ...row, ...life })),
  }));

describe("compilePolicy", () => {
  it("gives the same text for the same rows, whatever order they and their members come in", () => {
    fc.assert(
      fc.property(policyRows, fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (rows, seeds) => {
        expect(textOf(shuffled(rows, seeds))).toBe(textOf(rows));
      }),
      { numRuns: 40 },
    );
  });

  it("does not touch its rows, and goes by nothing but them and the price list", () => {
    fc.assert(
      fc.property(policyRows, (rows) => {
        const before = JSON.stringify(rows);
        const text = textOf(rows);
        expect(JSON.stringify(rows)).toBe(before);
        const touched = rows.plans.map((plan) => ({
          ...plan,
          version: 99,
          updatedAt: new Date(),
          description: "other",
        }));
        expect(textOf({ ...rows, plans: touched })).toBe(text);
      }),
      { numRuns: 15 },
    );
  });

  it("gives another text for another rule", () => {
    fc.assert(
      fc.property(policyRows, (rows) => {
        const [first, ...others] = rows.plans;
        if (!first) return;
        expect(textOf({ ...rows, plans: [{ ...first, routes: ["other"] }, ...others] })).not.toBe(textOf(rows));
        const [route, ...rest] = rows.routes;
        if (!route) return;
        expect(textOf({ ...rows, routes: [{ ...route, name: "other-name" }, ...rest] })).not.toBe(textOf(rows));
      }),
      { numRuns: 15 },
    );
  });
});

/** Another order of the rows, their versions and targets, and of the members inside their JSON columns. */
function shuffled(rows: PolicyRows, seeds: readonly number[]): PolicyRows {
  let next = 0;
  const mixed = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: (seeds[next++ % seeds.length] ?? 0) * 7_919 + next }))
      .toSorted((a, b) => (a.place % 101) - (b.place % 101))
      .map(({ item }) => item);
  const members = <T>(value: T): T => reordered(value, mixed);
  return {
    upstreams: mixed(rows.upstreams).map((row) => ({
      ...row,
      timeouts: members(row.timeouts),
      options: members(row.options),
      health: members(row.health),
      rateLimits: members(row.rateLimits),
    })),
    plans: mixed(rows.plans).map((row) => ({ ...row, rateLimits: members(row.rateLimits) })),
    routes: mixed(rows.routes).map((row) => ({
      ...row,
      versions: mixed(row.versions).map((version) => ({
        ...version,
        targets: mixed(version.targets),
        retry: members(version.retry),
      })),
    })),
    priceOverrides: mixed(rows.priceOverrides).map((row) => ({ ...row, price: members(row.price) })),
  };
}

/** The same value with its members in another order. Lists keep theirs: it means something. */
function reordered<T>(value: T, mixed: <I>(items: readonly I[]) => I[]): T {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(mixed(Object.entries(member)))
      : member,
  );
}
