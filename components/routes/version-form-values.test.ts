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
    });
  });

  it("removes an emptied timeout by null in a patch", () => {
    expect(servingPatch(VersionFormSchema.parse(valid)).timeouts).toEqual(valid.timeouts);
  });

  it("refuses a version that could serve nothing", () => {
    const asleep = { ...valid, targets: valid.targets.map((target) => ({ ...target, weight: 0 })) };
    expect(VersionFormSchema.safeParse(asleep).success).toBe(false);
    expect(VersionFormSchema.safeParse({ ...valid, targets: [] }).success).toBe(false);
  });
});

describe("nextVersion", () => {
  it.each([
    ["1.0.0", "1.1.0"],
    ["2.9.7", "2.10.0"],
  ])("follows %s with %s", (newest, next) => expect(nextVersion(newest)).toBe(next));
});
