import { afterAll, beforeAll, expect, it } from "vitest";
import { rolling } from "#e2e/chaos/rolling.ts";
import { type StartedTurnpike, startTurnpike } from "#e2e/support/turnpike.ts";

let turnpike: StartedTurnpike;

beforeAll(async () => {
  turnpike = await startTurnpike({ GATEWAY_NODES: "2" });
}, 300_000);
afterAll(async () => turnpike?.remove(), 60_000);

it("restarting two nodes behind one port cuts no stream, refuses no connection and loses no call", {
  timeout: 200_000,
}, async () => {
  const verdict = await rolling(turnpike, { streams: 20 });
  expect(verdict.figures).toMatchObject({ nodes: 2, truncated: 0, failed: 0 });
  expect(verdict.violations, JSON.stringify(verdict)).toBe(0);
});
