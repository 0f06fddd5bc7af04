import { expect, it } from "vitest";
import { configNack } from "#e2e/chaos/config-nack.ts";

/** The same as `npm run chaos -- config-nack`, with each kind of hostile revision three times. */
it("a node rejects every revision that is wrong, says why, keeps the last good one and fails no call", {
  timeout: 120_000,
}, async () => {
  const verdict = await configNack(60);
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict.n).toBe(60);
});
