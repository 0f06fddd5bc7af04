import { expect, it } from "vitest";
import { canary } from "#e2e/chaos/canary.ts";

/** The same as `npm run chaos -- canary`: real nodes under load, a real control plane and database. */
it.each([
  { isPlaneKilled: false, what: "" },
  { isPlaneKilled: true, what: ", also when the control plane is killed right after the publish" },
])(
  "a revision whose upstream fails hurts one node of four until the gate rolls it back$what",
  {
    timeout: 240_000,
  },
  async ({ isPlaneKilled }) => {
    const verdict = await canary(isPlaneKilled);
    expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
    expect(verdict.figures).toMatchObject({ nodes: 4 });
  },
);
