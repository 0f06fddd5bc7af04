import { describe, expect, it } from "vitest";
import { newRouteValues, nextVersion, servingBody, servingPatch, VersionFormSchema } from "./version-form-values.ts";

const valid = {
  ...newRouteValues,
  name: "smart",
  targets: [{ upstreamId: "ups_1", model: "gpt-4o", weight: 3, priority: 2 }],
  timeouts: { connectMs: null, firstByteMs: 900, idleMs: null, totalMs: null },
};

describe("VersionFormSchema", () => {
  it("keeps the priority of a target, and sends only the timeouts that are set", () => {
    const values = VersionFormSchema.parse(valid);
    expect(servingBody(values)).toEqual({
      strategy: "round_robin",
      hashBy: "user",
      targets: valid.targets,
      retry: { attempts: 2 },
      timeouts: { firstByteMs: 900 },
      onNotCarried: "refuse",
      cache: null,
      guardrails: [],
    });
  });

  it("says what is tried again only where it is not everything", () => {
    const some = { ...valid, retry: { attempts: 3, on: ["connect", "reset"] } };
    expect(servingBody(VersionFormSchema.parse(some)).retry).toEqual({ attempts: 3, on: ["connect", "reset"] });
    expect(servingPatch(VersionFormSchema.parse(valid), { http: null }).retry).toEqual({ attempts: 2, on: null });
    expect(VersionFormSchema.safeParse({ ...valid, retry: { attempts: 3, on: [] } }).success).toBe(false);
  });

  it("removes an emptied timeout by null in a patch", () => {
    expect(servingPatch(VersionFormSchema.parse(valid), { http: null }).timeouts).toEqual(valid.timeouts);
  });

  it("refuses a version that could serve nothing", () => {
    const asleep = { ...valid, targets: valid.targets.map((target) => ({ ...target, weight: 0 })) };
    expect(VersionFormSchema.safeParse(asleep).success).toBe(false);
    expect(VersionFormSchema.safeParse({ ...valid, targets: [] }).success).toBe(false);
  });
});

describe("a route's kind", () => {
  it("decides what must be there and what is sent", () => {
    const api = {
      ...valid,
      kind: "http" as const,
      targets: [{ ...valid.targets[0], upstreamId: "ups_1", model: "", weight: 1, priority: 0 }],
    };
    const body = servingBody(VersionFormSchema.parse(api));
    expect(body).toMatchObject({ http: { methods: ["GET"], paths: ["/**"] } });
    expect(VersionFormSchema.safeParse({ ...api, kind: "model" }).success).toBe(false);
    expect(VersionFormSchema.safeParse({ ...api, name: "a/b" }).success).toBe(false);
    expect(VersionFormSchema.safeParse({ ...api, http: { ...api.http, paths: "" } }).success).toBe(false);
  });

  it("does not decide about the cache", () => {
    const kept = { ...valid, cache: { ...valid.cache, isOn: true, ttlSeconds: 60, scope: "team" as const } };
    expect(servingBody(VersionFormSchema.parse(kept)).cache).toEqual({
      ttlSeconds: 60,
      scope: "team",
      onlyTemperatureZero: false,
      maxEntryBytes: 1_048_576,
      shared: false,
    });
  });
});

describe("nextVersion", () => {
  it.each([
    ["1.0.0", "1.1.0"],
    ["2.9.7", "2.10.0"],
  ])("follows %s with %s", (newest, next) => expect(nextVersion(newest)).toBe(next));
});
