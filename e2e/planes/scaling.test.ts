import { afterAll, beforeAll, expect, it } from "vitest";
import { scaling } from "#e2e/chaos/scaling.ts";
import { type StartedTurnpike, startTurnpike } from "#e2e/support/turnpike.ts";

let turnpike: StartedTurnpike;

beforeAll(async () => {
  turnpike = await startTurnpike({ GATEWAY_NODES_MAX: "3" });
}, 300_000);
afterAll(async () => turnpike?.remove(), 60_000);

it("nodes of one port come to three under load and go back to one, and no call fails", {
  timeout: 240_000,
}, async () => {
  const verdict = await scaling(turnpike);
  expect(verdict.figures).toMatchObject({ nodesMost: 3, failed: 0 });
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
});
