import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { ROLE_PERMISSIONS } from "../../contract/permissions.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft, getDraft } from "../draft/index.ts";
import { newId } from "../new-id.ts";
import { createPlan, updatePlan } from "../plan/index.ts";
import { listRevisions, publishRevision, rollbackRevision } from "../revision/index.ts";
import { updateSettings } from "../settings/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import {
  cancelScheduledPublish,
  getScheduledPublish,
  listScheduledPublishes,
  runDuePublish,
  schedulePublish,
} from "./index.ts";

let test: TestDatabase;
let ctx: Context;
let alice: Context;
let edits = 0;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
  const id = newId("usr");
  await test.database.user.create({ data: { id, email: "alice@example.test", name: "Alice", role: "operator" } });
  const actor = { kind: "user", id, name: "alice@example.test", role: "operator" } as const;
  alice = { ...ctx, actor: { ...actor, permissions: ROLE_PERMISSIONS.operator, scope: "organisation" } };
});
afterAll(() => test.remove());
afterEach(async () => {
  await test.owner.query("UPDATE scheduled_publish SET state = 'cancelled' WHERE state = 'waiting'");
  await test.owner.query(`UPDATE "user" SET disabled_at = NULL, role = 'operator' WHERE id = $1`, [alice.actor.id]);
  await discardDraft(ctx, {});
});

const edit = () => createPlan(alice, { name: `edit ${++edits}` });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const later = (seconds: number): Context => ({ ...ctx, now: () => new Date(Date.now() + seconds * 1_000) });
const newest = async () => (await listRevisions(ctx, { limit: 1 })).data[0];

/** Schedules what the draft is now for a minute from now. */
async function scheduled() {
  await edit();
  return schedulePublish(alice, { at: inSeconds(60), note: "at night" });
}

describe("a scheduled publish", () => {
  it("publishes at its time, in the name of whoever scheduled it, what was scheduled", async () => {
    const { id, sha256 } = await scheduled();
    expect((await getDraft(alice, {})).scheduled).toMatchObject({ id, isCurrent: true, state: "waiting" });
    expect(await runDuePublish(later(30), {})).toEqual({ hasRun: false });
    expect(await runDuePublish(later(61), {})).toEqual({ hasRun: true });
    const revision = await newest();
    expect(revision).toMatchObject({ sha256, note: "at night", author: { name: "alice@example.test" } });
    expect(await getScheduledPublish(alice, { id })).toMatchObject({ state: "published", revision: revision?.number });
    expect(await runDuePublish(later(62), {})).toEqual({ hasRun: false });
  });

  it("runs once, however many replicas come to it at the same time", async () => {
    const before = (await newest())?.number ?? 0;
    await scheduled();
    const runs = await Promise.all(Array.from({ length: 6 }, () => runDuePublish(later(61), {})));
    expect(runs.filter(({ hasRun }) => hasRun)).toHaveLength(1);
    expect((await newest())?.number).toBe(before + 1);
  });

  it("does not run when the draft has changed since, and says who changed what", async () => {
    const { id } = await scheduled();
    const before = await newest();
    const plan = await edit();
    await updatePlan(alice, { id: plan.id, patch: { routes: [] } });
    expect((await getDraft(alice, {})).scheduled).toMatchObject({ isCurrent: false });
    await runDuePublish(later(61), {});
    expect(await getScheduledPublish(alice, { id })).toMatchObject({
      state: "failed",
      failure: { code: "draft_changed", detail: expect.stringContaining(`plan ${plan.name}, by alice@example.test`) },
    });
    expect(await newest()).toEqual(before);
  });

  it("does not run on top of another revision, too late, without the right, or without an approval", async () => {
    await edit();
    await publishRevision(alice, {});
    const first = await newest();
    await edit();
    await publishRevision(alice, {});
    const run = async (id: string, at: Context) => {
      await runDuePublish(at, {});
      return (await getScheduledPublish(alice, { id })).failure;
    };
    const onTop = await scheduled();
    await rollbackRevision(alice, { number: first?.number ?? 0 });
    expect(await run(onTop.id, later(61))).toMatchObject({
      code: "draft_changed",
      detail: expect.stringContaining("active"),
    });
    const missed = await scheduled();
    expect(await run(missed.id, later(60 + 3_601))).toMatchObject({ code: "missed" });
    const demoted = await scheduled();
    await test.owner.query(`UPDATE "user" SET role = 'auditor' WHERE id = $1`, [alice.actor.id]);
    expect(await run(demoted.id, later(61))).toMatchObject({ code: "permission_denied" });
    const gone = await scheduled();
    await test.owner.query(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [alice.actor.id]);
    expect(await run(gone.id, later(61))).toMatchObject({ code: "permission_denied" });
    await test.owner.query(`UPDATE "user" SET disabled_at = NULL, role = 'operator' WHERE id = $1`, [alice.actor.id]);
    const unapproved = await scheduled();
    await updateSettings(ctx, { patch: { approvalRequired: true } });
    expect(await run(unapproved.id, later(61))).toMatchObject({ code: "approval_required" });
    await expect(scheduled()).rejects.toMatchObject({ code: "approval_required" });
    await updateSettings(ctx, { patch: { approvalRequired: false } });
    const refused = await test.owner.query(
      "SELECT 1 FROM audit_entry WHERE action = 'scheduledPublish.run' AND outcome = 'refused'",
    );
    expect(refused.rowCount).toBeGreaterThanOrEqual(5);
  });

  it("is refused for a time that has passed, a draft nobody saw, a draft that cannot be published, and beside another", async () => {
    await expect(schedulePublish(alice, { at: inSeconds(60) })).rejects.toMatchObject({ code: "nothing_to_publish" });
    await edit();
    await expect(schedulePublish(alice, { at: inSeconds(-1) })).rejects.toMatchObject({ fields: [{ pointer: "/at" }] });
    const unseen = schedulePublish({ ...alice, ifMatch: '"0-nothing"' }, { at: inSeconds(60) });
    await expect(unseen).rejects.toMatchObject({ code: "precondition_failed" });
    const both = await Promise.allSettled([
      schedulePublish(alice, { at: inSeconds(60) }),
      schedulePublish(alice, { at: inSeconds(61) }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const plan = await createPlan(alice, { name: "broken", routes: ["nowhere"] });
    await expect(schedulePublish(alice, { at: inSeconds(60) })).rejects.toMatchObject({ code: "draft_invalid" });
    await updatePlan(alice, { id: plan.id, patch: { routes: [] } });
  });

  it("can be cancelled until it runs, and whoever comes second is told", async () => {
    const { id, etag } = await scheduled();
    const before = (await newest())?.number ?? 0;
    const [cancelled, ran] = await Promise.allSettled([
      cancelScheduledPublish({ ...alice, ifMatch: etag }, { id }),
      runDuePublish(later(61), {}),
    ]);
    const { state } = await getScheduledPublish(alice, { id });
    expect(ran.status).toBe("fulfilled");
    expect(state).toBe(cancelled.status === "fulfilled" ? "cancelled" : "published");
    expect((await newest())?.number).toBe(state === "published" ? before + 1 : before);
    await expect(cancelScheduledPublish(alice, { id })).rejects.toMatchObject({ code: "conflict" });
    expect((await listScheduledPublishes(alice, { limit: 1 })).data).toMatchObject([{ id }]);
  });

  it("never publishes what an edit of the same moment made of the draft", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, sha256 } = await scheduled();
      await Promise.all([edit(), runDuePublish(later(61), {})]);
      const { state, failure } = await getScheduledPublish(alice, { id });
      if (state === "published") expect((await newest())?.sha256).toBe(sha256);
      else expect(failure?.code).toBe("draft_changed");
    }
  });
});
