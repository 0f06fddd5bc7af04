import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { ROLE_PERMISSIONS, type Role } from "../../contract/permissions.ts";
import { type Context, systemContext } from "../context.ts";
import { createPlan, deletePlan, getPlan, updatePlan } from "../plan/index.ts";
import { createPriceOverride, deletePriceOverride, updatePriceOverride } from "../price-override/index.ts";
import { publishRevision } from "../revision/index.ts";
import { createRoute, createVersion, deleteRoute, getRoute, updateRoute, updateVersion } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createUpstream, deleteUpstream, updateUpstream } from "../upstream/index.ts";
import { discardChange, discardDraft, getDraft, listHistory } from "./index.ts";

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

function as(role: Role, name: string = role): Context {
  const actor = { kind: "user", id: `usr_${name}`, name, role } as const;
  return { ...ctx, actor: { ...actor, permissions: ROLE_PERMISSIONS[role], scope: "organisation" } };
}

/** A plan, an upstream, a route with two versions and a price, published. */
async function published(tag: string) {
  const plan = await createPlan(ctx, { name: `plan ${tag}`, description: "for many" });
  const upstream = await createUpstream(ctx, {
    name: `up ${tag}`,
    provider: "openai",
    baseUrl: "https://a.example/v1",
  });
  const targets = [{ upstreamId: upstream.id, model: "gpt-4o" }];
  const route = await createRoute(ctx, { name: `route-${tag}`, targets });
  await createVersion(ctx, { id: route.id, version: "2.0.0", targets });
  const price = await createPriceOverride(ctx, {
    provider: "openai",
    model: `model-${tag}`,
    price: { input: [{ fromTokens: 0, dollars: "1" }] },
  });
  await publishRevision(ctx, {});
  return { plan, upstream, route, price };
}

const changes = async () =>
  (await getDraft(ctx, {})).changes.map(({ op, resource, name }) => `${op} ${resource} ${name}`);

describe("the draft's diff", () => {
  it("shows an edit of every resource with who edited it last and when, and nothing once it is taken back", async () => {
    const { plan, upstream, route, price } = await published("a");
    await updatePlan(as("operator", "alice"), {
      id: plan.id,
      patch: { maxStaleSeconds: 600, rateLimits: [{ metric: "requests", limit: 5, windowSeconds: 60 }] },
    });
    await updateUpstream(as("operator", "alice"), { id: upstream.id, patch: { timeouts: { connectMs: 500 } } });
    await updateRoute(as("operator", "alice"), {
      id: route.id,
      patch: { rateLimits: [{ metric: "requests", limit: 9, windowSeconds: 1 }] },
    });
    await updateVersion(as("operator", "bob"), { id: route.id, version: "2.0.0", patch: { status: "deprecated" } });
    await updatePriceOverride(as("admin", "carol"), { id: price.id, patch: { price: { perThousandRequests: "2" } } });
    const draft = await getDraft(as("auditor"), {});
    expect(draft.changes.map(({ resource, lastEdit }) => [resource, lastEdit?.actor.name])).toEqual([
      ["upstream", "alice"],
      ["plan", "alice"],
      ["route", "bob"],
      ["price", "carol"],
    ]);
    expect(draft.changes.every(({ lastEdit }) => Date.parse(lastEdit?.at ?? "") > 0)).toBe(true);
    for (const { resource, id } of draft.changes) await discardChange(as("operator", "dave"), { resource, id });
    expect(await changes()).toEqual([]);
  });
});

describe("the history", () => {
  it("says who changed which field of which resource from what to what, and finds one field", async () => {
    const { plan, route } = await published("h");
    await updatePlan(as("operator", "alice"), { id: plan.id, patch: { name: "plan h2", description: "for few" } });
    await updateVersion(as("operator", "bob"), { id: route.id, version: "1.0.0", patch: { retry: { attempts: 4 } } });
    const ofPlan = await listHistory(as("auditor"), { resource: "plan", id: plan.id });
    expect(
      ofPlan.data.map(({ pointer, before, after, actor, action }) => [pointer, before, after, actor.name, action]),
    ).toEqual([
      ["/description", "for many", "for few", "alice", "plan.update"],
      ["/name", "plan h", "plan h2", "alice", "plan.update"],
      ["", null, expect.objectContaining({ name: "plan h" }), "Turnpike", "plan.create"],
    ]);
    const ofField = await listHistory(as("auditor"), {
      resource: "route",
      id: route.id,
      field: "/versions/1.0.0/retry",
    });
    expect(ofField.data.map(({ pointer, before, after }) => [pointer, before, after]).slice(0, 1)).toEqual([
      ["/versions/1.0.0/retry/attempts", 2, 4],
    ]);
    await discardDraft(as("operator", "carol"), {});
    const back = await listHistory(as("auditor"), { resource: "route", id: route.id, limit: 1 });
    expect(back.data).toMatchObject([
      {
        pointer: "/versions/1.0.0/retry/attempts",
        before: 4,
        after: 2,
        action: "draft.discard",
        actor: { name: "carol" },
      },
    ]);
  });

  it("comes in pages without a gap or a repetition, and belongs to those who may read the draft", async () => {
    const every = await listHistory(ctx, { limit: 200 });
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listHistory(ctx, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(every.data.map(({ id }) => id));
    await expect(listHistory(as("developer"), {})).rejects.toMatchObject({ code: "permission_denied" });
    await expect(listHistory(ctx, { cursor: "bm90aGluZw" })).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("discarding one change", () => {
  it("restores one field and leaves the others, also of one version", async () => {
    const { plan, route, upstream } = await published("f");
    await updatePlan(ctx, { id: plan.id, patch: { name: "plan f2", routes: ["route-f"] } });
    await discardChange(ctx, { resource: "plan", id: plan.id, field: "/name" });
    expect(await getPlan(ctx, { id: plan.id })).toMatchObject({
      name: "plan f",
      routes: ["route-f"],
      description: "for many",
    });
    await updateVersion(ctx, {
      id: route.id,
      version: "2.0.0",
      patch: { retry: { attempts: 7 }, strategy: "priority" },
    });
    await createVersion(ctx, {
      id: route.id,
      version: "3.0.0",
      targets: [{ upstreamId: upstream.id, model: "gpt-4o" }],
    });
    await discardChange(ctx, { resource: "route", id: route.id, field: "/versions/2.0.0/retry/attempts" });
    await discardChange(ctx, { resource: "route", id: route.id, field: "/versions/3.0.0" });
    const { versions } = await getRoute(ctx, { id: route.id });
    expect(versions).toMatchObject([
      { version: "2.0.0", strategy: "priority", retry: { attempts: 2 } },
      { version: "1.0.0" },
    ]);
    await expect(discardChange(ctx, { resource: "plan", id: plan.id, field: "/name" })).rejects.toMatchObject({
      code: "not_found",
    });
    await discardDraft(ctx, {});
  });

  it("brings back what was taken out, takes out what was added, and tells open forms by their ETags", async () => {
    const { plan, route, price } = await published("b");
    const extra = await createPlan(ctx, { name: "extra b" });
    await deletePlan(ctx, { id: plan.id });
    await deletePriceOverride(ctx, { id: price.id });
    const edited = await updateVersion(ctx, { id: route.id, version: "2.0.0", patch: { strategy: "priority" } });
    for (const { resource, id } of (await getDraft(ctx, {})).changes) await discardChange(ctx, { resource, id });
    expect(await changes()).toEqual([]);
    expect(await getPlan(ctx, { id: plan.id })).toMatchObject({ name: "plan b", description: "for many" });
    await expect(getPlan(ctx, { id: extra.id })).rejects.toMatchObject({ code: "not_found" });
    const late = updateVersion({ ...ctx, ifMatch: edited.etag }, { id: route.id, version: "2.0.0", patch: {} });
    await expect(late).rejects.toMatchObject({ code: "precondition_failed" });
  });

  it("refuses what would break a reference or take a name that is in use, and says which", async () => {
    const { plan, route, upstream } = await published("r");
    const fresh = await createUpstream(ctx, { name: "fresh", provider: "openai", baseUrl: "https://b.example/v1" });
    const targets = [{ upstreamId: fresh.id, model: "gpt-4o" }];
    await updateVersion(ctx, { id: route.id, version: "1.0.0", patch: { targets } });
    const before = await changes();
    await expect(discardChange(ctx, { resource: "upstream", id: fresh.id })).rejects.toMatchObject({
      code: "in_use",
      fields: [{ pointer: expect.stringContaining(`/routes/${route.id}/versions/`), code: "unknown_upstream" }],
    });
    await updatePlan(ctx, { id: plan.id, patch: { name: "moved" } });
    await createPlan(ctx, { name: "plan r" });
    await expect(discardChange(ctx, { resource: "plan", id: plan.id })).rejects.toMatchObject({ code: "name_taken" });
    expect(await changes()).toEqual(expect.arrayContaining(before));
    await deleteRoute(ctx, { id: route.id });
    await deleteUpstream(ctx, { id: upstream.id });
    await expect(discardChange(ctx, { resource: "route", id: route.id })).rejects.toMatchObject({ code: "in_use" });
    await expect(discardChange({ ...ctx, ifMatch: '"0-x"' }, { resource: "plan", id: plan.id })).rejects.toMatchObject({
      code: "precondition_failed",
    });
    await expect(discardChange(as("auditor"), { resource: "plan", id: plan.id })).rejects.toMatchObject({
      code: "permission_denied",
    });
    await discardDraft(ctx, {});
  });
});

describe("two admins at one draft", () => {
  it("lets exactly one of two saves on the same state through, and a delete never takes an unseen edit along", async () => {
    const { plan } = await published("t");
    const { etag } = await getPlan(ctx, { id: plan.id });
    const save = (name: string) =>
      updatePlan({ ...as("operator", name), ifMatch: etag }, { id: plan.id, patch: { name } });
    const saves = await Promise.allSettled([save("alice"), save("bob"), save("carol")]);
    expect(saves.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const refused = saves.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(refused).toEqual(["precondition_failed", "precondition_failed"]);
    const seen = (await getPlan(ctx, { id: plan.id })).etag;
    const race = await Promise.allSettled([
      updatePlan({ ...ctx, ifMatch: seen }, { id: plan.id, patch: { description: "late" } }),
      deletePlan({ ...ctx, ifMatch: seen }, { id: plan.id }),
    ]);
    expect(race.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await discardDraft(ctx, {});
  });

  it("never discards an edit that nobody has seen, whichever comes first", async () => {
    const { plan } = await published("d");
    for (let round = 0; round < 4; round += 1) {
      await updatePlan(ctx, { id: plan.id, patch: { routes: ["route-d"] } });
      const { etag } = await getDraft(ctx, {});
      const [discard, edit] = await Promise.allSettled([
        discardDraft({ ...as("operator", "alice"), ifMatch: etag }, {}),
        updatePlan(as("operator", "bob"), { id: plan.id, patch: { maxStaleSeconds: 100 + round } }),
      ]);
      expect(edit.status).toBe("fulfilled");
      if (discard.status === "rejected") expect(discard.reason).toMatchObject({ code: "precondition_failed" });
      const now = await getPlan(ctx, { id: plan.id });
      expect(now).toMatchObject({
        maxStaleSeconds: 100 + round,
        routes: discard.status === "fulfilled" ? ["*"] : ["route-d"],
      });
      await discardDraft(ctx, {});
    }
  });
});
