import { describe, expect, it } from "vitest";
import { describeChange } from "./describe-change.ts";

const upstreams = new Map([
  ["ups_1", "openai"],
  ["ups_2", "local"],
]);

const plan = (changed: object) => ({
  id: "plan_1",
  name: "standard",
  rateLimits: [{ metric: "requests", limit: 60, windowSeconds: 60 }],
  routes: ["smart"],
  ...changed,
});

const target = (upstreamId: string, weight: number) => ({
  id: `tgt_${upstreamId}_${weight}`,
  upstreamId,
  model: "gpt-4o",
  weight,
  priority: 0,
});

const version = (changed: object) => ({
  version: "1.0.0",
  status: "active",
  deprecatedAt: null,
  sunsetAt: null,
  successor: null,
  strategy: "weighted",
  targets: [target("ups_1", 1)],
  retry: { attempts: 2 },
  timeouts: {},
  ...changed,
});

const route = (versions: object[], changed: object = {}) => ({
  id: "rte_1",
  name: "smart",
  defaultVersion: "1.0.0",
  versions,
  ...changed,
});

const change = (resource: "plan" | "route" | "upstream" | "price", before: unknown, after: unknown) => ({
  op: before === null ? ("add" as const) : ("update" as const),
  resource,
  id: "x",
  name: "x",
  before,
  after,
});

describe("describeChange", () => {
  it("pairs a limit with the one it replaces", () => {
    const after = plan({
      rateLimits: [
        { metric: "requests", limit: 100, windowSeconds: 60 },
        { metric: "requests", limit: 1_000, windowSeconds: 86_400 },
      ],
      routes: ["smart", "cheap"],
    });
    expect(describeChange(change("plan", plan({}), after), upstreams)).toEqual([
      "At most 100 requests a minute instead of 60 requests a minute.",
      "At most 1,000 requests a day.",
      "Also allowed: cheap.",
    ]);
  });

  it("says what a plan loses", () => {
    const after = plan({ rateLimits: [], routes: ["*"] });
    expect(describeChange(change("plan", plan({}), after), upstreams)).toEqual([
      "No longer limited to 60 requests a minute.",
      "Every route is allowed.",
    ]);
  });

  it("tells shares, not weights, and does not take new target ids for a change", () => {
    const before = route([version({ targets: [target("ups_1", 1), { ...target("ups_2", 1), id: "old" }] })]);
    const after = route([version({ targets: [target("ups_1", 3), target("ups_2", 1)], retry: { attempts: 3 } })]);
    expect(describeChange(change("route", before, after), upstreams)).toEqual([
      "1.0.0: gpt-4o at openai: 75 % instead of 50 %.",
      "1.0.0: gpt-4o at local: 25 % instead of 50 %.",
      "1.0.0: at most 3 attempts instead of 2.",
    ]);
    const renumbered = route([version({ targets: [{ ...target("ups_1", 1), id: "other" }] })]);
    expect(describeChange(change("route", route([version({})]), renumbered), upstreams)).toEqual([
      "Nothing that a caller would notice: only ids or the order of things differ.",
    ]);
  });

  it("tells a fallback from a target that is out of service, and names what is tried again", () => {
    const before = route([version({ targets: [target("ups_1", 1), target("ups_2", 1)] })]);
    const second = { ...target("ups_2", 1), priority: 4 };
    const retry = { attempts: 2, on: ["connect", "rate_limit"] };
    const after = route([version({ strategy: "priority", targets: [target("ups_1", 1), second], retry })]);
    expect(describeChange(change("route", before, after), upstreams)).toEqual([
      "1.0.0: served by priority instead of by weight.",
      "1.0.0: gpt-4o at openai: 100 % instead of 50 %.",
      "1.0.0: gpt-4o at local: fallback of priority 4 instead of 50 %.",
      "1.0.0: tried again after no connection, a rate limit (429).",
    ]);
  });

  it("follows a version through its life", () => {
    const successor = version({ version: "2.0.0", timeouts: { totalMs: 30_000 } });
    const after = route(
      [version({ status: "deprecated", sunsetAt: "2026-12-24T10:00:00.000Z", successor: "2.0.0" }), successor],
      { defaultVersion: "2.0.0" },
    );
    expect(describeChange(change("route", route([version({})]), after), upstreams)).toEqual([
      "Calls without a pin get 2.0.0 instead of 1.0.0.",
      "1.0.0: deprecated, sunset 2026-12-24 10:00:00 UTC, with 2.0.0 as its successor.",
      "2.0.0 is new, served by weight by gpt-4o at openai (100 %).",
      "2.0.0: Total timeout: 30 s.",
    ]);
  });

  it("falls back to fields where it does not know the form", () => {
    expect(describeChange(change("plan", { a: 1 }, { a: 2 }), upstreams)).toEqual(["a: 1 becomes 2."]);
  });
});
