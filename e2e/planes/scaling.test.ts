import { expect, it } from "vitest";
import { scaling } from "#e2e/chaos/scaling.ts";

/** The same as `npm run chaos -- scaling`. */
it("nodes of one port come to three under load and go back to one, and no call fails", {
  timeout: 300_000,
}, async () => {
  const verdict = await scaling();
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict.figures).toMatchObject({ nodesMost: 3, failed: 0 });
});
