import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import { RevisionHeader } from "../../contract/node-protocol.ts";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import { verifyJson } from "../../crypto/signing.ts";
import { createConsumer } from "../consumer/index.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft, getDraft } from "../draft/index.ts";
import { createPlan, deletePlan, getPlan, updatePlan } from "../plan/index.ts";
import { createRoute, createVersion, deleteRoute, getRoute, updateVersion } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createTeam } from "../team/index.ts";
import { inTransaction } from "../transaction.ts";
import { createUpstream, deleteUpstream } from "../upstream/index.ts";
import { compilePolicy, pricesOn, readPolicyRows } from "./compile.ts";
import { controlPublicKey } from "./control-key.ts";
import { getRevision, listRevisions, publishRevision, rollbackRevision } from "./index.ts";

let test: TestDatabase;
let ctx: Context;

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
});
afterAll(() => test.remove());

function as(role: Role): Context {
  return {
    ...ctx,
    actor: {
      kind: "user",
      id: `usr_${role}`,
      name: role,
      role,
      permissions: ROLE_PERMISSIONS[role],
      scope: "organisation",
    },
  };
}

const auditActions = async () =>
  (await test.owner.query("SELECT action FROM audit_entry ORDER BY id")).rows.map((row) => row.action);

describe("the policy lane", () => {
  it("collects edits in a draft, publishes them as a signed revision, and rolls back under a new number", async () => {
    const plan = await createPlan(as("operator"), {
      name: "standard",
      rateLimits: [{ metric: "requests", limit: 60, windowSeconds: 60 }],
    });
    const upstream = await createUpstream(as("admin"), {
      name: "one",
      provider: "openai",
      baseUrl: "https://api.example.com/v1",
      credential: { kind: "apiKey", secret: "sk-very-secret-value" },
    });
    const route = await createRoute(as("operator"), {
      name: "smart",
      targets: [{ upstreamId: upstream.id, model: "gpt-4o" }],
    });
    const draft = await getDraft(as("auditor"), {});
    expect(draft.changes.map((change) => [change.op, change.resource, change.name])).toEqual([
      ["add", "upstream", "one"],
      ["add", "plan", "standard"],
      ["add", "route", "smart"],
      ["add", "price", "openai/gpt-4o"],
    ]);

    const first = await publishRevision({ ...as("operator"), ifMatch: draft.etag }, { note: "first" });
    const { document } = await getRevision(ctx, { number: first.number });
    expect(first).toMatchObject({ number: 1, parent: 0, kind: "publish", active: true, note: "first" });
    expect(sha256Hex(canonicalJson(document))).toBe(first.sha256);
    const header = RevisionHeader.parse({
      epoch: first.epoch,
      number: first.number,
      parent: first.parent,
      sha256: first.sha256,
    });
    const key = await inTransaction(ctx, controlPublicKey);
    expect(verifyJson(key, header, first.signature)).toBe(true);
    expect(verifyJson(key, { ...header, number: 2 }, first.signature)).toBe(false);
    expect(JSON.stringify(document)).not.toContain("sk-very-secret-value");

    await updatePlan(ctx, { id: plan.id, patch: { rateLimits: [] } });
    await createVersion(ctx, {
      id: route.id,
      version: "2.0.0",
      targets: [{ upstreamId: upstream.id, model: "gpt-4o-mini" }],
    });
    await updateVersion(ctx, { id: route.id, version: "1.0.0", patch: { status: "deprecated", successor: "2.0.0" } });
    const second = await publishRevision(ctx, {});
    expect(second.number).toBe(2);
    const back = await rollbackRevision(ctx, { number: 1 });
    expect(back).toMatchObject({ number: 3, kind: "rollback", rolledBackTo: 1, sha256: first.sha256 });
    expect((await getDraft(ctx, {})).changes.map((change) => change.name)).toEqual([
      "standard",
      "smart",
      "openai/gpt-4o-mini",
    ]);
    expect((await listRevisions(ctx, { limit: 2 })).data.map((revision) => [revision.number, revision.active])).toEqual(
      [
        [3, true],
        [2, false],
      ],
    );
    expect(await auditActions()).toEqual(
      expect.arrayContaining(["plan.create", "revision.publish", "revision.rollback"]),
    );
  });

  it("refuses what was not seen, what does not differ, and what does not resolve", async () => {
    const stale = (await getDraft(ctx, {})).etag;
    const extra = await createPlan(ctx, { name: "extra", routes: ["nowhere"] });
    await expect(publishRevision({ ...ctx, ifMatch: stale }, {})).rejects.toMatchObject({
      code: "precondition_failed",
    });
    const { problems } = await getDraft(ctx, {});
    expect(problems).toMatchObject([{ resource: "plan", id: extra.id, pointer: "/routes/0", code: "unknown_route" }]);
    await expect(publishRevision(ctx, {})).rejects.toMatchObject({
      code: "draft_invalid",
      fields: [{ pointer: `/plans/${extra.id}/routes/0`, code: "unknown_route" }],
    });
    await discardDraft(ctx, {});
    expect((await getDraft(ctx, {})).changes).toEqual([]);
    await expect(getPlan(ctx, { id: extra.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(publishRevision(ctx, {})).rejects.toMatchObject({ code: "nothing_to_publish" });
  });

  it("brings every kind of edit back when the draft is discarded, names swapped and things deleted included", async () => {
    const before = await compiled();
    const [planA, planB] = [await createPlan(ctx, { name: "a" }), await createPlan(ctx, { name: "b" })];
    await publishRevision(ctx, {});
    const published = await compiled();
    await updatePlan(ctx, { id: planA.id, patch: { name: "c" } });
    await updatePlan(ctx, { id: planB.id, patch: { name: "a" } });
    for (const route of JSON.parse(before).routes) await deleteRoute(ctx, { id: route.id });
    for (const upstream of JSON.parse(before).upstreams) await deleteUpstream(ctx, { id: upstream.id });
    expect(await compiled()).not.toBe(published);
    await discardDraft(ctx, {});
    expect(await compiled()).toBe(published);
  });

  it("never takes away a plan that a live consumer is on, by publish or by rollback", async () => {
    const plan = await createPlan(ctx, { name: "needed" });
    const team = await createTeam(ctx, { name: "A team" });
    await expect(createConsumer(ctx, { name: "early", teamId: team.id, planId: plan.id })).rejects.toMatchObject({
      code: "plan_not_published",
      fields: [{ pointer: "/planId" }],
    });
    const { number } = await publishRevision(ctx, {});
    await createConsumer(ctx, { name: "on time", teamId: team.id, planId: plan.id });
    await deletePlan(ctx, { id: plan.id });
    await expect(publishRevision(ctx, {})).rejects.toMatchObject({ code: "plan_in_use" });
    await expect(rollbackRevision(ctx, { number: number - 1 })).rejects.toMatchObject({ code: "plan_in_use" });
    await discardDraft(ctx, {});
  });

  it("numbers concurrent publishes without a gap and gives each its own document", async () => {
    const before = (await listRevisions(ctx, { limit: 1 })).data[0]?.number ?? 0;
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, async (_, index) => {
        await createPlan(ctx, { name: `concurrent ${index}` });
        return publishRevision(ctx, { note: String(index) });
      }),
    );
    const numbers = tries.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.number] : []));
    const refusals = tries.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => before + 1 + index));
    expect(refusals.every((code) => code === "nothing_to_publish")).toBe(true);
    expect((await getDraft(ctx, {})).changes).toEqual([]);
  });

  it("compiles to the same text whatever order the rows came in", async () => {
    const rows = await inTransaction(ctx, readPolicyRows);
    const prices = pricesOn(new Date("2026-11-24T00:00:00Z"));
    const text = canonicalJson(compilePolicy(rows, prices));
    const reversed = {
      upstreams: rows.upstreams.toReversed(),
      plans: rows.plans.toReversed(),
      routes: rows.routes.toReversed().map((route) => ({ ...route, versions: route.versions.toReversed() })),
      priceOverrides: rows.priceOverrides.toReversed(),
    };
    expect(canonicalJson(compilePolicy(reversed, prices))).toBe(text);
  });

  it("refuses without permission, before it looks at the input", async () => {
    await expect(createPlan(as("auditor"), { name: "" })).rejects.toMatchObject({ code: "permission_denied" });
    await expect(publishRevision(as("developer"), {})).rejects.toMatchObject({ code: "permission_denied" });
    await expect(
      createUpstream(as("operator"), {
        name: "x",
        provider: "openai",
        baseUrl: "http://10.0.0.1",
        allowPrivateNetwork: true,
      }),
    ).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("says plainly which addresses an upstream may not have", async () => {
    const attempt = (baseUrl: string, allowPrivateNetwork = false) =>
      createUpstream(ctx, { name: `u ${baseUrl}`, provider: "openai", baseUrl, allowPrivateNetwork });
    await expect(attempt("http://127.0.0.1:1/v1")).rejects.toMatchObject({
      code: "private_address",
      fields: [{ pointer: "/baseUrl" }],
    });
    await expect(attempt("http://0x7f.1/v1")).rejects.toMatchObject({ code: "private_address" });
    await expect(attempt("http://169.254.169.254/latest", true)).rejects.toMatchObject({ code: "private_address" });
    await expect(attempt("https://user:secret@example.com/v1")).rejects.toMatchObject({
      fields: [{ code: "credentials_in_url" }],
    });
    await expect(attempt("http://127.0.0.1:1/v1", true)).resolves.toMatchObject({ allowPrivateNetwork: true });
  });

  it("answers not_supported to what the contract has and this release does not enforce", async () => {
    const refused = { code: "not_supported" };
    await expect(
      createPlan(ctx, { name: "q", quotas: [{ metric: "cost", limit: "25.00", period: "month", strict: true }] }),
    ).rejects.toMatchObject(refused);
    const route = (await getRoute(ctx, { id: JSON.parse(await compiled()).routes[0].id })).name;
    expect(route).toBe("smart");
  });
});

async function compiled(): Promise<string> {
  const rows = await inTransaction(ctx, readPolicyRows);
  return canonicalJson(compilePolicy(rows, pricesOn(new Date("2026-11-24T00:00:00Z"))));
}
