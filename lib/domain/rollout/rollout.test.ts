import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { durationBin } from "../../contract/latency-scale.ts";
import type { NodeReport } from "../../contract/node-protocol.ts";
import { createConsumer } from "../consumer/index.ts";
import { type Context, systemContext } from "../context.ts";
import { getNode, reportNode, updateNode } from "../node/index.ts";
import { createPlan, updatePlan } from "../plan/index.ts";
import { getRevision, listRevisions, publishRevision, rollbackRevision } from "../revision/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createTeam } from "../team/index.ts";
import { inTransaction } from "../transaction.ts";
import {
  abortRollout,
  getRollout,
  listRollouts,
  pauseRollout,
  promoteRollout,
  resumeRollout,
  stepRollout,
} from "./index.ts";
import type { RolloutView } from "./schemas.ts";

let test: TestDatabase;
let ctx: Context;
let planId: string;
let nowMs = Date.now();
vi.setConfig({ testTimeout: 60_000 });
const NODES = ["nod_a", "nod_b", "nod_c", "nod_d"];
const served = new Map<string, { ok: number; failed: number }>();

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test", () => new Date(nowMs));
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
  planId = (await createPlan(ctx, { name: "standard" })).id;
  await publishRevision(ctx, {});
  for (const id of NODES)
    await test.database.node.create({
      data: { id, name: id.slice(4), group: "default", softwareVersion: "0.1.0", signingKey: {}, sealingKey: {} },
    });
});
afterAll(() => test.remove());

beforeEach(async () => {
  const open = (await listRollouts(ctx, {})).data.find(({ endedAt }) => endedAt === null);
  if (open) await abortRollout(ctx, { id: open.id });
  for (const id of NODES) await updateNode(ctx, { id, patch: { isQuarantined: false } });
  await everybodyReports();
});

/** What a node says, having applied what it is to have and served these calls under it. */
async function reports(nodeId: string, changes: Partial<NodeReport> = {}) {
  const { wantedRevision } = await getNode(ctx, { id: nodeId });
  const revision = changes.appliedRevision ?? wantedRevision;
  const calls = served.get(`${nodeId}/${revision}`) ?? { ok: 0, failed: 0 };
  const durations: [number, number][] = calls.ok > 0 ? [[durationBin(20), calls.ok]] : [];
  const report: NodeReport = {
    version: "0.1.0",
    state: "serving",
    epoch: 1,
    appliedRevision: revision,
    rejected: null,
    directoryCursor: 0,
    credentialVersion: 0,
    nodeTime: new Date(nowMs).toISOString(),
    utilisation: { cpu: 0, rssBytes: 1, eventLoopDelayMs: 0, inFlight: 0, callsPerSecond: 0, spoolEvents: 0 },
    traffic: { process: "life", revisions: [{ revision, ...calls, refused: 0, durations }] },
    ...changes,
  };
  return reportNode(ctx, { nodeId, report });
}

/** Calls of a node under what it runs since the last time. */
async function serves(nodeId: string, calls: { ok?: number; failed?: number }) {
  const { appliedRevision } = await getNode(ctx, { id: nodeId });
  const before = served.get(`${nodeId}/${appliedRevision}`) ?? { ok: 0, failed: 0 };
  served.set(`${nodeId}/${appliedRevision}`, {
    ok: before.ok + (calls.ok ?? 0),
    failed: before.failed + (calls.failed ?? 0),
  });
}

async function everybodyReports() {
  for (const id of NODES) await reports(id);
}

/** Time passes with nodes that report every five seconds, and a round of the job after them. */
async function pass(seconds: number, nodes: readonly string[] = NODES) {
  for (let left = seconds; left > 0; left -= 5) {
    nowMs += Math.min(left, 5) * 1_000;
    for (const id of nodes) await reports(id);
    await step();
  }
}

const step = () => inTransaction(ctx, (tx) => stepRollout({ ...ctx, tx }));

async function edit() {
  await updatePlan(ctx, {
    id: planId,
    patch: { rateLimits: [{ metric: "requests", limit: 1 + Math.floor(Math.random() * 1e6), windowSeconds: 60 }] },
  });
}

async function publishCanary(rollout: object = {}) {
  await edit();
  const gate = { minimumCalls: 50, durationSeconds: 60, timeoutSeconds: 300 };
  const revision = await publishRevision(ctx, { rollout: { strategy: "canary", percent: 25, gate, ...rollout } });
  const id = revision.rollout?.id ?? "";
  return { revision, id, view: () => getRollout(ctx, { id }) };
}

const canaryOf = (view: RolloutView) => view.nodes.filter(({ isCanary }) => isCanary).map(({ id }) => id);
const kindsOf = (view: RolloutView) => view.events.map(({ kind }) => kind);
const wanted = async () => Promise.all(NODES.map(async (id) => (await getNode(ctx, { id })).wantedRevision));

describe("a canary", () => {
  it("reaches one node of four, is promoted by itself once it did no worse for long enough, and tells how", async () => {
    const { revision, id, view } = await publishCanary();
    const { number } = revision;
    expect(revision).toMatchObject({ active: false, rollout: { state: "running" } });
    expect((await wanted()).toSorted()).toEqual([number - 1, number - 1, number - 1, number]);
    const [canary = ""] = canaryOf(await view());
    await everybodyReports();
    for (const node of NODES) await serves(node, { ok: 100 });
    await pass(58);
    expect(await view()).toMatchObject({ state: "running", figures: { verdict: "good", canary: { calls: 100 } } });
    await pass(10);
    const done = await view();
    expect(done).toMatchObject({ state: "promoted", endedBy: null });
    expect(kindsOf(done)).toEqual(["started", "node_applied", "judged", "promoted"]);
    expect(done.events[1]).toMatchObject({ nodeId: canary, detail: `${canary.slice(4)} runs revision ${number}.` });
    expect(done.events.at(-1)).toMatchObject({
      actor: { kind: "system" },
      figures: { verdict: "good", canary: { calls: 100, failed: 0 }, rest: { calls: 300 } },
    });
    expect(await wanted()).toEqual(NODES.map(() => number));
    expect(await getRevision(ctx, { number })).toMatchObject({ active: true, rollout: { id, state: "promoted" } });
    const { rows } = await test.owner.query("SELECT action FROM audit_entry WHERE resource_id = $1", [id]);
    expect(rows).toEqual([{ action: "rollout.promote" }]);
  });

  it("that fails is rolled back by itself on every node, under a new number, and says by what figures", async () => {
    const before = (await listRevisions(ctx, { limit: 1 })).data[0];
    const { revision, view } = await publishCanary();
    const [canary = ""] = canaryOf(await view());
    await everybodyReports();
    for (const node of NODES) await serves(node, node === canary ? { failed: 12 } : { ok: 40 });
    await pass(1);
    const done = await view();
    expect(done).toMatchObject({ state: "rolled_back", endedBy: revision.number + 1 });
    expect(kindsOf(done)).toEqual(["started", "node_applied", "judged", "rolled_back"]);
    expect(done.events.at(-1)?.detail).toBe("100 % of the canary's calls failed, of the rest's 0 %, 2 % at most.");
    expect(await wanted()).toEqual(NODES.map(() => revision.number + 1));
    expect(await getRevision(ctx, { number: revision.number + 1 })).toMatchObject({
      kind: "rollback",
      rolledBackTo: revision.number - 1,
      sha256: before?.sha256,
      active: true,
      author: { id: "system" },
      note: expect.stringContaining("rolled back"),
    });
  });

  it("that a node rejects goes back at once; the second rejection puts the node in quarantine", async () => {
    const rejectOnce = async () => {
      const { revision, view } = await publishCanary();
      const [canary = ""] = canaryOf(await view());
      const rejected = { revision: revision.number, code: "invalid_document", path: "/plans/0", message: "No." };
      await reports(canary, { appliedRevision: revision.number - 1, rejected });
      await step();
      expect(await view()).toMatchObject({ state: "rolled_back" });
      expect(kindsOf(await view())).toEqual(["started", "node_rejected", "rolled_back"]);
      await everybodyReports();
      return canary;
    };
    const canaries: string[] = [];
    while (new Set(canaries).size === canaries.length) canaries.push(await rejectOnce());
    const twice = canaries.at(-1) ?? "";
    expect(await getNode(ctx, { id: twice })).toMatchObject({ isQuarantined: true });
    for (let round = 0; round < 6; round++) {
      const { id, view } = await publishCanary({ percent: 70 });
      expect(canaryOf(await view())).not.toContain(twice);
      await abortRollout(ctx, { id });
    }
    await updateNode(ctx, { id: twice, patch: { isQuarantined: false } });
    expect(await getNode(ctx, { id: twice })).toMatchObject({ isQuarantined: false });
  });

  it("waits without traffic, and goes back or pauses when its time is over, as the gate says", async () => {
    const short = { minimumCalls: 50, durationSeconds: 10, timeoutSeconds: 30 };
    const back = await publishCanary({ gate: short });
    await everybodyReports();
    await pass(25);
    expect(await back.view()).toMatchObject({ state: "running", figures: { verdict: "too_few_calls" } });
    await pass(5);
    expect(await back.view()).toMatchObject({ state: "rolled_back" });
    expect((await back.view()).events.at(-1)?.detail).toContain("could not decide in 30 seconds. Too few calls to say");

    const held = await publishCanary({ gate: { ...short, onTimeout: "pause" } });
    await everybodyReports();
    await pass(30);
    expect(await held.view()).toMatchObject({ state: "paused" });
    for (const node of NODES) await serves(node, { ok: 60 });
    await pass(20);
    expect(await held.view()).toMatchObject({ state: "paused", figures: { verdict: "good" } });
    await resumeRollout(ctx, { id: held.id });
    await pass(5);
    expect(await held.view()).toMatchObject({ state: "promoted" });
  });

  it("goes back when no node of it is there any more, but not because the control plane itself was away", async () => {
    const { view } = await publishCanary();
    const [canary = ""] = canaryOf(await view());
    const others = NODES.filter((node) => node !== canary);
    await everybodyReports();
    await pass(2);
    // An hour without a control plane: nobody could report, and nobody watched.
    nowMs += 120_000;
    await step();
    await pass(20, NODES);
    expect(await view()).toMatchObject({ state: "running" });
    await pass(15, others);
    expect(kindsOf(await view())).not.toContain("rolled_back");
    await pass(35, others);
    const done = await view();
    expect(done).toMatchObject({ state: "rolled_back" });
    expect(done.events.at(-1)?.detail).toContain("has been there for 30 seconds");
    expect(kindsOf(done)).toContain("node_lost");
    await everybodyReports();
  });

  it("keeps a node's figures when its process begins anew", async () => {
    const { revision, view } = await publishCanary();
    const [canary = ""] = canaryOf(await view());
    await everybodyReports();
    await serves(canary, { ok: 5 });
    await reports(canary);
    const again = { revision: revision.number, ok: 2, failed: 0, refused: 1, durations: [] };
    await reports(canary, { traffic: { process: "second", revisions: [again] } });
    await reports(canary, { traffic: { process: "second", revisions: [again] } });
    expect((await view()).figures.canary).toMatchObject({ calls: 8, refused: 1 });
    await reports(canary, { traffic: { process: "life", revisions: [] } });
  });
});

describe("by hand", () => {
  it("pauses, resumes, promotes and aborts, once each, and writes it down", async () => {
    const { id, view } = await publishCanary();
    await everybodyReports();
    const paused = await pauseRollout(ctx, { id });
    expect(paused).toMatchObject({ state: "paused" });
    await expect(pauseRollout(ctx, { id })).rejects.toMatchObject({ code: "conflict" });
    await expect(resumeRollout({ ...ctx, ifMatch: '"77"' }, { id })).rejects.toMatchObject({
      code: "precondition_failed",
    });
    await resumeRollout(ctx, { id });
    await expect(resumeRollout(ctx, { id })).rejects.toMatchObject({ code: "conflict" });
    await promoteRollout(ctx, { id });
    expect(kindsOf(await view())).toEqual(["started", "paused", "resumed", "promoted"]);
    for (const verb of [pauseRollout, resumeRollout, promoteRollout, abortRollout])
      await expect(verb(ctx, { id })).rejects.toMatchObject({ code: "rollout_over" });
    const { rows } = await test.owner.query("SELECT action FROM audit_entry WHERE resource_id = $1 ORDER BY id", [id]);
    expect(rows.map(({ action }) => action)).toEqual(["rollout.pause", "rollout.resume", "rollout.promote"]);
    await expect(abortRollout(ctx, { id: "rol_none" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("a pause holds the promotion back, and does not shield a canary that fails", async () => {
    const { id, view } = await publishCanary();
    const [canary = ""] = canaryOf(await view());
    await everybodyReports();
    await pauseRollout(ctx, { id });
    for (const node of NODES) await serves(node, { ok: 100 });
    await pass(65);
    expect(await view()).toMatchObject({ state: "paused" });
    await serves(canary, { failed: 60 });
    await pass(3);
    expect(await view()).toMatchObject({ state: "rolled_back" });
  });

  it("decides one thing at a time: no publish meanwhile, and a rollback to anything ends it", async () => {
    const { revision, view, id } = await publishCanary();
    await edit();
    await expect(publishRevision(ctx, {})).rejects.toMatchObject({ code: "rollout_running" });
    const back = await rollbackRevision(ctx, { number: 1 });
    expect(back).toMatchObject({ number: revision.number + 1, active: true });
    expect(await view()).toMatchObject({ state: "rolled_back", endedBy: back.number });
    expect(await wanted()).toEqual(NODES.map(() => back.number));
    await expect(abortRollout(ctx, { id })).rejects.toMatchObject({ code: "rollout_over" });
    const races = await Promise.allSettled([
      publishRevision(ctx, { rollout: { strategy: "canary", percent: 25 } }),
      publishRevision(ctx, { rollout: { strategy: "canary", percent: 25 } }),
    ]);
    expect(races.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("says what a canary needs", async () => {
    await edit();
    const publish = (rollout: object) =>
      publishRevision(ctx, { rollout: { strategy: "canary", ...rollout } } as Parameters<typeof publishRevision>[1]);
    await expect(publish({ group: "nowhere" })).rejects.toMatchObject({ code: "rollout_impossible" });
    await expect(publish({ group: "default" })).rejects.toMatchObject({ code: "rollout_impossible" });
    for (const wrong of [
      {},
      { percent: 100 },
      { percent: 0 },
      { percent: 10, gate: { nothing: 1 } },
      { group: "a", groups: ["b"] },
    ])
      await expect(publish(wrong)).rejects.toMatchObject({ code: "invalid_request" });
    for (const node of NODES.slice(1)) await updateNode(ctx, { id: node, patch: { isDraining: true } });
    await expect(publish({ percent: 10 })).rejects.toMatchObject({ code: "rollout_impossible" });
    for (const node of NODES.slice(1)) await updateNode(ctx, { id: node, patch: { isDraining: false } });
  });

  it("lets a consumer name only a plan that is in both revisions", async () => {
    const team = await createTeam(ctx, { name: "Team" });
    const fresh = await createPlan(ctx, { name: "fresh" });
    const { revision, id } = await publishCanary();
    await expect(createConsumer(ctx, { name: "bot", teamId: team.id, planId: fresh.id })).rejects.toMatchObject({
      code: "plan_not_published",
    });
    const known = await createConsumer(ctx, { name: "known", teamId: team.id, planId });
    const { rows } = await test.owner.query("SELECT min_revision FROM consumer WHERE id = $1", [known.id]);
    expect(rows).toEqual([{ min_revision: revision.number - 1 }]);
    await promoteRollout(ctx, { id });
    await createConsumer(ctx, { name: "bot", teamId: team.id, planId: fresh.id });
  });
});

describe("the job", () => {
  it("decides once, however many replicas come to it at the same time", async () => {
    const { revision, view } = await publishCanary();
    const [canary = ""] = canaryOf(await view());
    await everybodyReports();
    for (const node of NODES) await serves(node, node === canary ? { failed: 40 } : { ok: 40 });
    await everybodyReports();
    await Promise.all([step(), step(), step(), step()]);
    expect(kindsOf(await view()).filter((kind) => kind === "rolled_back")).toHaveLength(1);
    const newest = (await listRevisions(ctx, { limit: 1 })).data[0];
    expect(newest?.number).toBe(revision.number + 1);
  });
});
