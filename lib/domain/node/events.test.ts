import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import type { HealthEntry, NodeEvent } from "../../contract/node-event.ts";
import type { NodeReport } from "../../contract/node-protocol.ts";
import { removeNodeEvents } from "../../jobs/remove-expired.ts";
import { type Context, systemContext } from "../context.ts";
import { createCredential } from "../credential/index.ts";
import { newId } from "../new-id.ts";
import { createRoute, updateVersion } from "../route/index.ts";
import { inTransaction } from "../transaction.ts";
import { createUpstream, getUpstream, listUpstreams } from "../upstream/index.ts";
import { actorOf } from "../usage/usage-fixtures.ts";
import { getNode, listNodeEvents, listUpstreamEvents, removeNode, reportNode } from "./index.ts";

let test: TestDatabase;
let ctx: Context;
let upstreamId: string;
let targetId: string;
let credentialId: string;
let routeId: string;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  const upstream = await createUpstream(ctx, {
    name: "one",
    provider: "openai",
    baseUrl: "https://api.example.com/v1",
  });
  upstreamId = upstream.id;
  const credential = { upstreamId, name: "spare", kind: "apiKey", secret: "sk-secret-of-this-test" } as const;
  credentialId = (await createCredential(ctx, credential)).id;
  const targets = [{ upstreamId, model: "gpt-4o" }];
  const route = await createRoute(ctx, { name: "smart", strategy: "priority", targets });
  routeId = route.id;
  targetId = route.versions[0]?.targets[0]?.id ?? "";
});
afterAll(() => test.remove());

async function node(name: string): Promise<string> {
  const id = newId("node");
  const data = { id, name, group: "default", softwareVersion: "1", signingKey: {}, sealingKey: {} };
  await inTransaction(ctx, (tx) => tx.node.create({ data }));
  return id;
}

const AT = "2026-11-24T12:00:00.000Z";
let serial = 0;
function event(more: Partial<NodeEvent> = {}): NodeEvent {
  serial += 1;
  const id = `evt_${String(serial).padStart(32, "0")}`;
  const of = { upstreamId, targetId, credentialId: null };
  return { id, at: AT, kind: "breaker_opened", ...of, reason: "too many failures, the last: status 503", ...more };
}
function open(): HealthEntry {
  return { subject: "target", id: targetId, upstreamId, state: "open", since: AT, until: AT, reason: "status 503" };
}

function send(nodeId: string, more: Partial<NodeReport>, now = new Date()) {
  const utilisation = { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 };
  const counters = { epoch: 1, appliedRevision: 0, directoryCursor: 0, credentialVersion: 0 };
  const report: NodeReport = {
    version: "1",
    state: "serving",
    rejected: null,
    nodeTime: now.toISOString(),
    utilisation,
    ...counters,
    ...more,
  };
  return reportNode({ ...ctx, now: () => now }, { nodeId, report });
}

describe("events of a node", () => {
  it("are listed newest first, with names, at the node and at the upstream, once however often they are sent", async () => {
    const [first, second] = [await node("first"), await node("second")];
    const events = [event(), event({ kind: "credential_parked", targetId: null, credentialId, reason: "status 401" })];
    await send(first, { events });
    await send(first, { events });
    await send(second, { events: [event({ kind: "breaker_closed" })] });

    const ofNode = await listNodeEvents(ctx, { id: first });
    expect(ofNode.nextCursor).toBeNull();
    expect(ofNode.data).toEqual([
      {
        id: events[1]?.id,
        at: AT,
        kind: "credential_parked",
        reason: "status 401",
        node: { id: first, name: "first" },
        upstream: { id: upstreamId, name: "one" },
        target: null,
        credential: { id: credentialId, name: "spare" },
      },
      expect.objectContaining({
        kind: "breaker_opened",
        target: { id: targetId, route: "smart@1.0.0", model: "gpt-4o" },
        credential: null,
      }),
    ]);
    const ofUpstream = await listUpstreamEvents(ctx, { id: upstreamId });
    expect(ofUpstream.data.map(({ kind, node: { name } }) => [kind, name])).toEqual([
      ["breaker_closed", "second"],
      ["credential_parked", "first"],
      ["breaker_opened", "first"],
    ]);
  });

  it("come in pages, and keep what is gone without its name", async () => {
    const id = await node("paged");
    const events = [event(), event({ upstreamId: "ups_gone", targetId: "tgt_gone" }), event()];
    await send(id, { events });
    const page = await listNodeEvents(ctx, { id, limit: 2 });
    expect(page.data.map((row) => row.id)).toEqual([events[2]?.id, events[1]?.id]);
    expect(page.data[1]).toMatchObject({
      upstream: { id: "ups_gone", name: null },
      target: { id: "tgt_gone", route: null, model: null },
    });
    const rest = await listNodeEvents(ctx, { id, limit: 2, cursor: page.nextCursor ?? "" });
    expect([rest.data.map((row) => row.id), rest.nextCursor]).toEqual([[events[0]?.id], null]);
  });

  it("are for those who may read nodes and upstreams, and of nodes and upstreams that are there", async () => {
    const id = await node("guarded");
    const developer = { ...ctx, actor: actorOf("developer") };
    await expect(listNodeEvents(developer, { id })).rejects.toMatchObject({ code: "permission_denied" });
    await expect(listUpstreamEvents(developer, { id: upstreamId })).rejects.toMatchObject({
      code: "permission_denied",
    });
    await expect(listUpstreamEvents(ctx, { id: "ups_none" })).rejects.toMatchObject({ code: "not_found" });
    await removeNode(ctx, { id });
    await expect(listNodeEvents(ctx, { id })).rejects.toMatchObject({ code: "not_found" });
  });

  it("are kept for a month", async () => {
    const id = await node("old");
    const [old, fresh] = [event(), event()];
    await send(id, { events: [old] }, new Date(Date.now() - 31 * 86_400_000));
    await send(id, { events: [fresh] });
    expect(await inTransaction(ctx, (tx) => removeNodeEvents.run({ ...ctx, tx }))).toBe("done");
    expect((await listNodeEvents(ctx, { id })).data.map((row) => row.id)).toEqual([fresh.id]);
  });
});

describe("what is not in service", () => {
  it("is shown at the node, and at the upstream as long as the node is online", async () => {
    const id = await node("sick");
    await send(id, { health: [open()] });
    expect((await getNode(ctx, { id })).health).toEqual([open()]);
    const standing = [{ ...open(), node: { id, name: "sick" } }];
    expect((await getUpstream(ctx, { id: upstreamId })).standing).toEqual(standing);
    expect((await listUpstreams(ctx, {})).data.map((row) => row.standing)).toEqual([standing]);
    const later = { ...ctx, now: () => new Date(Date.now() + 60_000) };
    expect((await getUpstream(later, { id: upstreamId })).standing).toEqual([]);
    await send(id, {});
    expect((await getNode(ctx, { id })).health).toEqual([]);
  });
});

describe("a target", () => {
  it("stays the same while its upstream and model do, whatever becomes of its weight and place", async () => {
    const other = { upstreamId, model: "gpt-4o-mini", weight: 5, priority: 1 };
    const same = { upstreamId, model: "gpt-4o", weight: 9, priority: 0 };
    const patch = { targets: [other, same], strategy: "consistent_hash", hashBy: "consumer" };
    const changed = await updateVersion(ctx, { id: routeId, version: "1.0.0", patch });
    expect(changed).toMatchObject({ strategy: "consistent_hash", hashBy: "consumer" });
    expect(changed.targets.map((target) => target.id === targetId)).toEqual([false, true]);
  });
});
