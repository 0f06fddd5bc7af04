import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { PolicyDocument } from "./policy-document.ts";
import { findPolicyProblems, type PolicyProblem } from "./references.ts";

type Json = Record<string, unknown>;

const version = (number: string, upstreamId: string): Json => ({
  version: number,
  status: "active",
  deprecatedAt: null,
  sunsetAt: null,
  successor: null,
  strategy: "round_robin",
  retry: { attempts: 1 },
  timeouts: {},
  targets: [{ id: `tgt_${number.replaceAll(".", "_")}`, upstreamId, model: "m", weight: 1, priority: 0 }],
});

/** A document in which everything refers to something that is there. */
function sound(upstreams: number, routes: number): PolicyDocument {
  const upstreamList = Array.from({ length: upstreams }, (_, index) => ({
    id: `ups_${index}`,
    name: `upstream ${index}`,
    provider: index === 0 ? "rest" : "openai",
    baseUrl: "https://a.example/v1",
    allowPrivateNetwork: false,
    timeouts: {},
    isDemo: false,
  }));
  const routeList = Array.from({ length: routes }, (_, index) => ({
    id: `rte_${index}`,
    name: `route-${index}`,
    defaultVersion: "1.0.0",
    versions: [
      { ...version("1.0.0", `ups_${1 + (index % (upstreams - 1))}`), successor: "2.0.0" },
      {
        ...version("2.0.0", `ups_${1 + ((index + 1) % (upstreams - 1))}`),
        guardrails: [{ kind: "webhook", name: "guard", mode: "enforce", upstreamId: "ups_1", path: "/check" }],
      },
    ],
  }));
  return PolicyDocument.parse({
    schemaVersion: 1,
    upstreams: upstreamList,
    plans: [
      { id: "plan_1", name: "one", rateLimits: [], routes: ["*"] },
      { id: "plan_2", name: "two", rateLimits: [], routes: routeList.map(({ name }) => name) },
    ],
    routes: routeList,
    prices: { version: "none", entries: [] },
  });
}

const sizes = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 5 }));
const copy = (document: PolicyDocument): PolicyDocument => structuredClone(document);

/** The value that a problem points to: it must be there, so that a form can show the problem where it is mended. */
function pointedAt(document: PolicyDocument, { resource, id, pointer }: PolicyProblem): unknown {
  const lists: Record<PolicyProblem["resource"], readonly Json[]> = {
    upstream: document.upstreams,
    plan: document.plans,
    route: document.routes,
  };
  let value: unknown = lists[resource].find((item) => item.id === id);
  for (const segment of pointer.split("/").slice(1))
    value =
      typeof value === "object" && value !== null
        ? Object.entries(value).find(([key]) => key === segment)?.[1]
        : undefined;
  return value;
}

describe("findPolicyProblems", () => {
  it("finds nothing where everything that is named is there", () => {
    fc.assert(
      fc.property(sizes, ([upstreams, routes]) => {
        expect(findPolicyProblems(sound(upstreams, routes))).toEqual([]);
      }),
    );
  });

  it("finds every target and guard of an upstream that is taken out, and nothing else", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([upstreams, routes], choice) => {
        const document = copy(sound(upstreams, routes));
        const gone = `ups_${1 + (choice % (upstreams - 1))}`;
        const uses = canonicalJson(document.routes).split(`"upstreamId":"${gone}"`).length - 1;
        document.upstreams = document.upstreams.filter(({ id }) => id !== gone);
        const problems = findPolicyProblems(document);
        expect(problems).toHaveLength(uses);
        for (const problem of problems) {
          expect(problem.code).toBe("unknown_upstream");
          expect(pointedAt(document, problem)).toBe(gone);
          expect(problem.detail).toMatch(/Choose another upstream/);
        }
      }),
    );
  });

  it("finds every plan that names a route which is taken out or renamed", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.boolean(), ([upstreams, routes], choice, isRenamed) => {
        const document = copy(sound(upstreams, routes));
        const index = choice % routes;
        const name = `route-${index}`;
        if (isRenamed)
          document.routes = document.routes.map((route) => (route.name === name ? { ...route, name: "new" } : route));
        else document.routes = document.routes.filter((route) => route.name !== name);
        const problems = findPolicyProblems(document);
        expect(problems).toMatchObject([
          { resource: "plan", id: "plan_2", pointer: `/routes/${index}`, code: "unknown_route" },
        ]);
        expect(problems.map((problem) => pointedAt(document, problem))).toEqual([name]);
      }),
    );
  });

  it.each([
    ["unknown_version", "/defaultVersion", "routes.0.defaultVersion", "9.0.0"],
    ["unknown_version", "/versions/0/successor", "routes.0.versions.0.successor", "9.0.0"],
    ["duplicate_version", "/versions", "routes.0.versions.1.version", "1.0.0"],
    ["no_weight", "/versions/0/targets", "routes.0.versions.0.targets.0.weight", 0],
    ["duplicate_name", "/name", "plans.1.name", "one"],
    ["duplicate_name", "/name", "upstreams.1.name", "upstream 0"],
    ["duplicate_name", "/name", "routes.1.name", "route-0"],
    ["wrong_provider", "/versions/0/targets/0/upstreamId", "routes.0.versions.0.targets.0.upstreamId", "ups_0"],
    ["wrong_kind", "/versions/0/http", "routes.0.kind", "http"],
  ])("says %s at %s, with a field that is there and what to do", (code, pointer, place, value) => {
    const document = PolicyDocument.parse(withValue(sound(3, 2), place.split("."), value));
    const problems = findPolicyProblems(document);
    expect(problems).toEqual(expect.arrayContaining([expect.objectContaining({ code, pointer })]));
    for (const problem of problems) {
      expect(pointedAt(document, problem)).not.toBe(undefined);
      expect(problem.detail).toMatch(/Choose|Give|Rename|Add|Take|take/);
      expect(problem.name).not.toBe("");
    }
  });
});

/** The same with another value at one place. */
function withValue(within: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(within))
    return within.map((item, index) => (String(index) === name ? withValue(item, rest, value) : item));
  if (typeof within !== "object" || within === null) throw new Error(`There is no ${name}`);
  const members = Object.entries(within).map(([key, item]) => [
    key,
    key === name ? withValue(item, rest, value) : item,
  ]);
  return Object.fromEntries(members);
}
