import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import type { NodeReport } from "../../contract/node-protocol.ts";
import { type Context, systemContext } from "../context.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { authenticateNode, getNode, removeNode, reportNode } from "./index.ts";
import { joinedNode, reportOf, signedRequest, type TestNode } from "./node-fixtures.ts";
import { ReportDesk } from "./report-desk.ts";

const TARGET = "/api/node/v1/report";
let test: TestDatabase;
let ctx: Context;
let desk: ReportDesk;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  desk = new ReportDesk(ctx);
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
});
afterAll(() => test.remove());

const request = (node: TestNode, report: NodeReport, claims = {}) =>
  signedRequest(node, TARGET, Buffer.from(JSON.stringify(report)), claims);

/** A node that has reported singly once, as the desk wants it. */
async function knownNode(name: string): Promise<TestNode> {
  const node = await joinedNode(ctx, name);
  const row = await authenticateNode(ctx, await request(node, reportOf()));
  await reportNode(ctx, { nodeId: node.nodeId, report: reportOf() });
  await desk.remember(row);
  return node;
}

describe("reports that are taken together", () => {
  it("say of each node what a single one would, and are answered alike", async () => {
    const nodes = await Promise.all(["a", "b", "c"].map(knownNode));
    const answers = await Promise.all(
      nodes.map(async (node, place) =>
        desk.take(
          await request(node, reportOf({ directoryCursor: place, state: place === 0 ? "draining" : "serving" })),
        ),
      ),
    );
    const single = await reportNode(ctx, { nodeId: nodes[2]?.nodeId ?? "", report: reportOf({ directoryCursor: 2 }) });
    for (const answer of answers) expect(answer?.response).toEqual({ ...single, serverTime: expect.any(String) });
    const views = await Promise.all(nodes.map(({ nodeId }) => getNode(ctx, { id: nodeId })));
    expect(views.map(({ state }) => state)).toEqual(["draining", "serving", "serving"]);
    expect(views.map(({ directoryCursor }) => directoryCursor)).toEqual([0, 1, 2]);
    const traffic = {
      process: randomUUID(),
      revisions: [{ revision: 1, ok: 3, failed: 1, refused: 0, durations: [] }],
    };
    const [first] = nodes;
    if (first === undefined) throw new Error("no node");
    expect(await desk.take(await request(first, reportOf({ traffic })))).not.toBeNull();
    expect(await desk.take(await request(first, reportOf()))).not.toBeNull();
    const { rows } = await test.owner.query("SELECT traffic FROM node WHERE id = $1", [first.nodeId]);
    expect(JSON.stringify(rows[0].traffic)).toContain('"ok":3');
  });

  it("are each taken once, and only from a node that is there, with its key, at this time, for this request", async () => {
    const node = await knownNode("once");
    const other = await knownNode("other");
    const sent = await request(node, reportOf());
    expect(await desk.take(sent)).not.toBeNull();
    expect(await desk.take(sent)).toBeNull();
    await desk.remember(await authenticateNode(ctx, await request(node, reportOf())));
    for (const wrong of [
      { ...(await request(node, reportOf())), body: Buffer.from(JSON.stringify(reportOf({ directoryCursor: 7 }))) },
      await request(node, reportOf(), { atMs: Date.now() - 600_000 }),
      await request({ ...other, nodeId: node.nodeId }, reportOf()),
      { ...(await request(node, reportOf())), authorization: null },
    ]) {
      expect(await desk.take(wrong)).toBeNull();
    }
    expect(await desk.take(await request(node, reportOf({ directoryCursor: 5 })))).not.toBeNull();
    await removeNode(ctx, { id: node.nodeId });
    expect(await desk.take(await request(node, reportOf({ directoryCursor: 9 })))).toBeNull();
    const { rows } = await test.owner.query("SELECT directory_cursor FROM node WHERE id = $1", [node.nodeId]);
    expect(Number(rows[0].directory_cursor)).toBe(5);
  });

  it("are heard singly when they say more than that the node is well, or take something back", async () => {
    const node = await knownNode("rejecting");
    const rejected = { revision: 1, code: "invalid_document", path: "/plans/0", message: "unknown field" };
    expect(await desk.take(await request(node, reportOf({ rejected })))).toBeNull();
    await reportNode(ctx, { nodeId: node.nodeId, report: reportOf({ rejected }) });
    expect(await desk.take(await request(node, reportOf()))).toBeNull();
    expect(await getNode(ctx, { id: node.nodeId })).toMatchObject({ rejected });
  });
});
