import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import type { NodeReport } from "../../contract/node-protocol.ts";
import { type Context, systemContext } from "../context.ts";
import { newId } from "../new-id.ts";
import { inTransaction } from "../transaction.ts";
import { getNode, removeNode, reportNode } from "./index.ts";

let test: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
});
afterAll(() => test.remove());

async function node(group: string): Promise<string> {
  const id = newId("node");
  const data = { id, name: id, group, softwareVersion: "1", signingKey: {}, sealingKey: {} };
  await inTransaction(ctx, (tx) => tx.node.create({ data }));
  return id;
}

/** What a report is answered: how many nodes of the group serve. */
async function serving(nodeId: string, now: Date, more: Partial<NodeReport> = {}): Promise<number | undefined> {
  const report: NodeReport = {
    version: "1",
    state: "serving",
    epoch: 1,
    appliedRevision: 0,
    rejected: null,
    directoryCursor: 0,
    credentialVersion: 0,
    nodeTime: now.toISOString(),
    utilisation: { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 },
    ...more,
  };
  return (await reportNode({ ...ctx, now: () => now }, { nodeId, report })).servingNodes;
}

describe("the answer to a report", () => {
  it("says among how many nodes of the group limits are shared out: those that serve and were heard of lately", async () => {
    const now = new Date();
    const later = new Date(now.getTime() + 20_000);
    const [first, second, other, draining] = [await node("eu"), await node("eu"), await node("us"), await node("eu")];
    expect(await serving(first, now, { state: "starting" })).toBe(1);
    expect(await serving(first, now)).toBe(1);
    expect(await serving(second, now)).toBe(2);
    expect(await serving(other, now)).toBe(1);
    expect(await serving(draining, now, { state: "draining" })).toBe(2);
    expect(await serving(first, later)).toBe(1);
    expect(await serving(second, later)).toBe(2);
    await removeNode(ctx, { id: second });
    expect(await serving(first, later)).toBe(1);
  });

  it("is given to a node whose way of counting is then shown", async () => {
    const id = await node("ap");
    await serving(id, new Date(), { limits: { by: "share", nodes: 3 } });
    expect((await getNode(ctx, { id })).limits).toEqual({ by: "share", nodes: 3 });
    await serving(id, new Date());
    expect((await getNode(ctx, { id })).limits).toBeNull();
  });
});
