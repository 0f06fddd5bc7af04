import { afterEach, describe, expect, it } from "vitest";
import { plan } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { StageResult } from "./denial.ts";
import type { Stage } from "./parts.ts";
import { PIPELINE } from "./stages.ts";

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.stop();
  harness = undefined;
});

/** A value that is no permission, handed over as if it were a stage's result: what a bug would do. */
function asResult(value: unknown): StageResult {
  return value as StageResult;
}

const faults: readonly [string, () => StageResult | Promise<StageResult>][] = [
  [
    "throws",
    () => {
      throw new Error("sk-internal-detail");
    },
  ],
  ["rejects", () => Promise.reject(new Error("sk-internal-detail"))],
  ["returns nothing", () => asResult(undefined)],
  ["returns true", () => asResult(true)],
];

/** Every stage that decides before a call is sent, read from the pipeline itself. */
const policyStages = PIPELINE.filter((stage) =>
  stage.isNeeded({ isInference: true, isHttp: false, hasRateLimits: true }),
);

describe("a stage that fails", () => {
  it("is looked for in every stage there is", () => {
    expect(policyStages.map(({ name }) => name)).toEqual([
      "identify",
      "read",
      "authorize",
      "guard-request",
      "limit",
      "guard-text",
      "cache",
      "route",
      "forward",
    ]);
    expect(PIPELINE.length).toBe(policyStages.length + 3);
  });

  it.each(PIPELINE.map((stage) => stage.name))(
    "in %s refuses the call with 503, and nothing reaches the upstream",
    async (name) => {
      let fault = faults[0]?.[1] ?? (() => asResult(undefined));
      const broken = PIPELINE.map((stage): Stage => (stage.name === name ? { ...stage, run: () => fault() } : stage));
      harness = await Harness.start({ stages: broken });
      const limited = plan("pln_open", {
        rateLimits: [{ metric: "requests", limit: 100, windowSeconds: 60, per: "consumer", mode: "enforce" }],
      });
      await harness.publish(harness.document({ plans: [limited] }));
      for (const [, run] of faults) {
        fault = run;
        const headers = { authorization: `Bearer ${harness.secret}` };
        const answer =
          name === "models" ? await harness.send("/v1/models", null, headers) : await harness.chat("smart");
        expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([503, "policy_failure"]);
        expect(answer.text).not.toContain("sk-internal");
      }
      expect(harness.first.received.length).toBe(0);
    },
  );

  it.each(PIPELINE.filter((stage) => !stage.hasOwnDeadline).map((stage) => stage.name))(
    "in %s by never deciding refuses the call with 503 in time",
    async (name) => {
      const stuck = PIPELINE.map(
        (stage): Stage =>
          stage.name === name ? { ...stage, isNeeded: () => true, run: () => new Promise(() => {}) } : stage,
      );
      harness = await Harness.start({ stages: stuck, stageDeadlineMs: 50 });
      const answer = await harness.chat("smart");
      expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([503, "policy_failure"]);
      expect(harness.first.received.length).toBe(0);
    },
  );
});
