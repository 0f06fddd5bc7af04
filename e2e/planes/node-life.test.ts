import { expect, it } from "vitest";
import { dpCold } from "#e2e/chaos/dp-cold.ts";
import { restoreOld } from "#e2e/chaos/restore-old.ts";
import { skew } from "#e2e/chaos/skew.ts";
import { nodeIdentity } from "#e2e/sec/node-identity.ts";
import { withOwnPlane } from "#e2e/support/light-plane/own-database.ts";

/** Under a suite that shares two cores; `npm run chaos -- dp-cold` asks for a second. */
const COLD_MS_MAX = 20_000;

it("lets nobody be a node that is not, be one again, or stay one", { timeout: 180_000 }, async () => {
  expect(await withOwnPlane((plane) => nodeIdentity(plane, 8))).toMatchObject({ violations: 0 });
});

it("works with the release before and after, and says so by code where it does not", { timeout: 120_000 }, async () => {
  expect(await withOwnPlane(skew)).toMatchObject({ violations: 0 });
});

it("leaves no node stuck on the future of a restored control plane", { timeout: 120_000 }, async () => {
  expect(await withOwnPlane((plane) => restoreOld(plane, { nodes: 2 }))).toMatchObject({ violations: 0 });
});

it("starts a known node and a new one while the control plane is away", { timeout: 180_000 }, async () => {
  const order = { keys: 10_000, rounds: 1, worstMs: COLD_MS_MAX };
  expect(await withOwnPlane((plane) => dpCold(plane, order))).toMatchObject({ violations: 0 });
});
