import { expect, it } from "vitest";
import { upstreamFaults } from "#e2e/chaos/upstream-faults.ts";

/** The same crossing as `npm run chaos -- upstream`, once, with one translated target for each SDK. */
it("a call ends in a complete answer or an error of its SDK, whatever the upstream does", async () => {
  const verdict = await upstreamFaults(1, 1);
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict.n).toBeGreaterThan(250);
});
