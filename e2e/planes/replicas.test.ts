import { expect, it } from "vitest";
import { cpKill } from "#e2e/chaos/cp-kill.ts";
import { netem } from "#e2e/chaos/netem.ts";

it("publishes are whole and single although control planes and the database are killed", {
  timeout: 300_000,
}, async () => {
  const verdict = await cpKill(8, true);
  expect(verdict.figures).toMatchObject({ replicasKilled: 1, databaseKilled: 1 });
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
});

it("a node that is cut off serves on, and has caught up five seconds after", { timeout: 300_000 }, async () => {
  const verdict = await netem({ cutSeconds: 9, badSeconds: 2, replicas: 1, isLight: true });
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
});
