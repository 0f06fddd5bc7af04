import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import { tokenActor } from "../actor.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft, getDraft } from "../draft/index.ts";
import { createManagementToken } from "../management-token/index.ts";
import { createPlan, updatePlan } from "../plan/index.ts";
import { listRevisions, publishRevision, rollbackRevision } from "../revision/index.ts";
import { getSettings, updateSettings } from "../settings/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { approve, getApproval, listApprovals, reject, requestApproval, withdrawApproval } from "./index.ts";

let test: TestDatabase;
let ctx: Context;
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
  alice = as("operator", "alice");
  bob = as("operator", "bob");
  await updateSettings(as("owner"), { patch: { approvalRequired: true } });
});
afterAll(() => test.remove());

function as(role: Role, name: string = role): Context {
  const actor = { kind: "user", id: `usr_${name}`, name, role } as const;
  return { ...ctx, actor: { ...actor, permissions: ROLE_PERMISSIONS[role], scope: "organisation" } };
}
let alice: Context;
let bob: Context;

/** Another content of the draft. */
function edit() {
  edits += 1;
  return createPlan(alice, { name: `edit ${edits}` });
}

describe("the rule that another person must approve", () => {
  it("is an owner's to change, and nobody else's, and stands in the audit", async () => {
    await expect(updateSettings(as("admin"), { patch: { approvalRequired: false } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    const { etag } = await getSettings(as("auditor"), {});
    await updateSettings({ ...as("owner"), ifMatch: etag }, { patch: { approvalRequired: true } });
    const late = updateSettings({ ...as("owner"), ifMatch: etag }, { patch: { approvalRequired: false } });
    await expect(late).rejects.toMatchObject({ code: "precondition_failed" });
    const audit = await test.owner.query("SELECT after FROM audit_entry WHERE action = 'settings.update' ORDER BY id");
    expect(audit.rows.at(-1).after).toMatchObject({ approvalRequired: true });
  });

  it("lets exactly what another person approved be published, once, and names them", async () => {
    await edit();
    await expect(publishRevision(alice, {})).rejects.toMatchObject({ code: "approval_required" });
    const { etag } = await getDraft(alice, {});
    const request = await requestApproval({ ...alice, ifMatch: etag }, { note: "please" });
    expect(request).toMatchObject({
      state: "waiting",
      note: "please",
      requester: { name: "alice" },
      changes: [{ op: "add" }],
    });
    await expect(requestApproval(bob, {})).rejects.toMatchObject({ code: "conflict" });
    await expect(publishRevision(bob, {})).rejects.toMatchObject({ code: "approval_required" });
    await expect(approve(alice, { id: request.id })).rejects.toMatchObject({ code: "own_approval" });
    await expect(approve(as("auditor"), { id: request.id })).rejects.toMatchObject({ code: "permission_denied" });
    await approve(bob, { id: request.id, note: "fine" });
    expect((await getDraft(alice, {})).approval).toMatchObject({ required: true, latest: { state: "approved" } });
    const revision = await publishRevision(alice, {});
    expect(await getApproval(alice, { id: request.id })).toMatchObject({
      state: "published",
      revision: revision.number,
      decision: { by: { name: "bob" }, note: "fine" },
    });
    const audit = await test.owner.query("SELECT after FROM audit_entry WHERE action = 'revision.publish' ORDER BY id");
    expect(audit.rows.at(-1).after).toMatchObject({ approvedBy: { name: "bob" } });
  });

  it("is void after any further change, also after an approval", async () => {
    const plan = await edit();
    const { id } = await requestApproval(alice, {});
    await updatePlan(alice, { id: plan.id, patch: { routes: [] } });
    await expect(approve(bob, { id })).rejects.toMatchObject({ code: "approval_void" });
    const again = await requestApproval(alice, {});
    await approve(bob, { id: again.id });
    await edit();
    expect((await listApprovals(alice, { limit: 2 })).data.map(({ state }) => state)).toEqual(["void", "void"]);
    await expect(publishRevision(alice, {})).rejects.toMatchObject({
      code: "approval_required",
      message: expect.stringContaining("changed"),
    });
    await discardDraft(alice, {});
  });

  it("holds for a content, also where another was asked for in between", async () => {
    const plan = await edit();
    const { id } = await requestApproval(alice, {});
    await approve(bob, { id });
    await updatePlan(alice, { id: plan.id, patch: { routes: [] } });
    await requestApproval(alice, {});
    await updatePlan(alice, { id: plan.id, patch: { routes: plan.routes } });
    expect((await getDraft(alice, {})).approval.latest).toMatchObject({ id, state: "approved" });
    await publishRevision(alice, {});
    await edit();
    expect((await getDraft(alice, {})).approval.latest).toMatchObject({ state: "void" });
    await discardDraft(alice, {});
  });

  it("does not take a token for another person: neither as approver nor behind the request", async () => {
    await edit();
    const made = await createManagementToken({ ...as("admin", "carol") }, { name: "ci", role: "operator" });
    const token: Context = { ...ctx, actor: tokenActor({ id: made.id, name: "ci", role: "operator" }) };
    const { id } = await requestApproval(token, {});
    await expect(approve(as("admin", "carol"), { id })).rejects.toMatchObject({ code: "own_approval" });
    await expect(approve(token, { id })).rejects.toMatchObject({ code: "own_approval" });
    await reject(bob, { id, note: "not now" });
    await expect(publishRevision(alice, {})).rejects.toMatchObject({ message: expect.stringContaining("rejected") });
    await expect(approve(bob, { id })).rejects.toMatchObject({ code: "conflict" });
    const second = await requestApproval(alice, {});
    await approve(bob, { id: second.id });
    await withdrawApproval(alice, { id: second.id });
    await expect(publishRevision(alice, {})).rejects.toMatchObject({ code: "approval_required" });
    await discardDraft(alice, {});
  });

  it("leaves the way back open at once, and writes it down", async () => {
    const [active] = (await listRevisions(ctx, { limit: 1 })).data;
    await updateSettings(as("owner"), { patch: { approvalRequired: false } });
    await edit();
    await publishRevision(alice, {});
    await updateSettings(as("owner"), { patch: { approvalRequired: true } });
    const back = await rollbackRevision(alice, { number: active?.number ?? 0, note: "emergency" });
    expect(back).toMatchObject({ kind: "rollback" });
    const audit = await test.owner.query("SELECT 1 FROM audit_entry WHERE action = 'revision.rollback'");
    expect(audit.rowCount).toBe(1);
    await discardDraft(alice, {});
  });
});

describe("races", () => {
  it("publishes nothing that was not approved, whoever edits, approves and publishes at the same time", async () => {
    for (let round = 0; round < 6; round += 1) {
      await edit();
      const request = await requestApproval(alice, {});
      const [approved, , published] = await Promise.allSettled([
        approve(bob, { id: request.id }),
        edit(),
        publishRevision(alice, {}),
      ]);
      if (published.status === "fulfilled") {
        expect(approved.status).toBe("fulfilled");
        expect(published.value.sha256).toBe(request.sha256);
      } else expect(published.reason).toMatchObject({ code: "approval_required" });
    }
    await discardDraft(alice, {});
  });

  it("publishes one approved draft once, and decides a request once", async () => {
    await edit();
    const { id } = await requestApproval(alice, {});
    const decisions = await Promise.allSettled([approve(bob, { id }), reject(as("admin", "carol"), { id })]);
    expect(decisions.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    if ((await getApproval(alice, { id })).state === "rejected") {
      const again = await requestApproval(alice, {});
      await approve(bob, { id: again.id });
    }
    const publishes = await Promise.allSettled([publishRevision(alice, {}), publishRevision(bob, {})]);
    expect(publishes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = publishes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(refused).toEqual(["nothing_to_publish"]);
  });
});
