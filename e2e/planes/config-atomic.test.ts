import { expect, it } from "vitest";
import { configAtomic } from "#e2e/chaos/config-atomic.ts";

/** The same as `npm run chaos -- config-atomic`, in small. */
it("no call sees a mix of two revisions, and a killed node comes back at one or the one before", {
  timeout: 240_000,
}, async () => {
  const verdict = await configAtomic(50, 6);
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict.figures.calls).toBeGreaterThan(50);
});
