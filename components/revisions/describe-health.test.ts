import { describe, expect, it } from "vitest";
import { HEALTH_DEFAULT } from "#lib/contract/health-check.ts";
import { healthSentences } from "./describe-health.ts";

describe("healthSentences", () => {
  it("says nothing where nothing changes, nor of a new upstream with the defaults", () => {
    expect(healthSentences(HEALTH_DEFAULT, HEALTH_DEFAULT)).toEqual([]);
    expect(healthSentences(null, HEALTH_DEFAULT)).toEqual([]);
  });

  it("names each setting, old and new, with its unit", () => {
    const probe = { ...HEALTH_DEFAULT.probe, kind: "http", path: "/up" } as const;
    const to = { ...HEALTH_DEFAULT, consecutiveFailures: 0, errorPercent: 20, openSeconds: 1, probe } as const;
    expect(healthSentences(HEALTH_DEFAULT, { ...to, whenAllOut: "try" })).toEqual([
      "Failures in a row: 0 instead of 5.",
      "Share of failures: 20% instead of 50%.",
      "Out of service for: 1 s instead of 5 s.",
      "Tried all the same when every target of a route is out of service.",
      "Probed at /up every 5 s, failing after 2000 ms, without the credential.",
    ]);
  });
});
