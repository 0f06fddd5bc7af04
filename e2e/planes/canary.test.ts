import { expect, it } from "vitest";
import { canary } from "#e2e/chaos/canary.ts";

/** The same as `npm run chaos -- canary`: real nodes under load, a real control plane and database. */
it("a revision whose upstream fails hurts one node of four until the gate rolls it back, and the story says so", {
  timeout: 240_000,
}, async () => {
  const verdict = await canary();
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
  expect(verdict.figures).toMatchObject({ nodes: 4 });
});
