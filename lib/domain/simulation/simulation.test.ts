import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { issueApiKey } from "../api-key/index.ts";
import { createConsumer } from "../consumer/index.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft } from "../draft/index.ts";
import { createPlan, getPlan, updatePlan } from "../plan/index.ts";
import { publishRevision } from "../revision/index.ts";
import { createRoute, createVersion, getRoute, updateRoute, updateVersion } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createTeam } from "../team/index.ts";
import { createUpstream } from "../upstream/index.ts";
import { ingestUsage } from "../usage/index.ts";
import { actorOf, eventOf } from "../usage/usage-fixtures.ts";
import { simulateDraft } from "./index.ts";
import { SimulationStep, SimulationView } from "./schemas.ts";

const NOW = new Date();
const CALLS = 120;
let test: TestDatabase;
let ctx: Context;
let ids: Record<"plan" | "route" | "first" | "second" | "consumer" | "key", string>;

async function policy(): Promise<void> {
  const plan = await createPlan(ctx, { name: "standard" });
  const first = await createUpstream(ctx, { name: "one", provider: "openai", baseUrl: "https://one.example.com/v1" });
  const second = await createUpstream(ctx, { name: "two", provider: "openai", baseUrl: "https://two.example.com/v1" });
  const route = await createRoute(ctx, { name: "smart", targets: [{ upstreamId: first.id, model: "gpt-4o" }] });
  await publishRevision(ctx, {});
  const team = await createTeam(ctx, { name: "Checkout" });
  const consumer = await createConsumer(ctx, { name: "checkout-bot", teamId: team.id, planId: plan.id });
  const key = await issueApiKey(ctx, { consumerId: consumer.id, name: "prod" });
  ids = {
    ...{ plan: plan.id, route: route.id, first: first.id, second: second.id },
    ...{ consumer: consumer.id, key: key.id },
  };
}

/** One call a second, up to now. */
function recorded(sequence: number): UsageEvent {
  return eventOf(sequence, {
    startedAt: new Date(NOW.getTime() - (CALLS - sequence + 1) * 1_000).toISOString(),
    consumerId: ids.consumer,
    apiKeyId: ids.key,
    upstreamId: ids.first,
    costNanos: "222500",
    asked: { version: null, bodyBytes: 400, isForm: false, maxOutputTokens: 100, candidates: 1 },
    parameters: ["messages", "max_tokens"],
  });
}

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test", () => NOW);
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
  await test.owner.query("SELECT turnpike_create_usage_days(current_date - 2, current_date)");
  await policy();
  const events = Array.from({ length: CALLS }, (_, index) => recorded(index + 1));
  await ingestUsage(systemContext(test.database, "test"), { nodeId: "node_a", batch: { incarnation: "a", events } });
});
afterAll(() => test.remove());
beforeEach(() => discardDraft(ctx, {}));

const simulate = (input: Parameters<typeof simulateDraft>[1] = {}, as: Context = ctx) => simulateDraft(as, input);

describe("simulateDraft", () => {
  it("finds no difference where the draft is what runs, and costs what was recorded", async () => {
    const result = SimulationView.parse(await simulate());
    expect(result).toMatchObject({ calls: CALLS, isCut: false, base: 1, withoutConsumer: 0, examples: [] });
    expect(result.denied).toMatchObject({ count: 0, byReason: {}, newly: { count: 0, byConsumer: [] } });
    expect(result.rerouted).toEqual({ count: 0, flows: [] });
    expect(result.versions).toEqual([]);
    expect(result.cost).toMatchObject({ before: "0.0267", after: "0.0267", recorded: "0.0267", unpriced: 0 });
    expect(result.notSimulated.length).toBeGreaterThan(3);
  });

  it("says which limit would refuse whom, in the order of the calls", async () => {
    const { etag } = await getPlan(ctx, { id: ids.plan });
    const rateLimits = [{ metric: "requests" as const, limit: 10, windowSeconds: 60 }];
    await updatePlan({ ...ctx, ifMatch: etag }, { id: ids.plan, patch: { rateLimits } });
    const result = await simulate();
    // Ten at once, and one more every six seconds of the 120 that follow.
    const refused = CALLS - 10 - Math.floor((CALLS - 1) / 6);
    expect(result.denied).toMatchObject({ count: refused, byReason: { rate_limit_exceeded: refused } });
    expect(result.denied.newly.byConsumer).toMatchObject([
      { count: refused, consumer: { id: ids.consumer, name: "checkout-bot" } },
    ]);
    expect(result.limits).toMatchObject([
      { owner: "plan standard", words: "10 requests in 60 s for each consumer", before: 0, after: refused },
    ]);
    expect(result.examples[0]).toMatchObject({ what: "denied", consumer: { name: "checkout-bot" } });
    expect(result.examples[0]?.requestId).toMatch(/^req_/);
  });

  it("names the plan that no longer allows a route", async () => {
    const { etag } = await getPlan(ctx, { id: ids.plan });
    await updatePlan({ ...ctx, ifMatch: etag }, { id: ids.plan, patch: { routes: [] } });
    const result = await simulate();
    expect(result.denied).toMatchObject({ count: CALLS, byReason: { model_not_allowed: CALLS } });
    expect(result.cost.after).toBe("0.00");
  });

  it("says where traffic would go and what it would cost, and who loses a version", async () => {
    const target = { upstreamId: ids.second, model: "gpt-4o-mini" };
    await createVersion(ctx, { id: ids.route, version: "2.0.0", targets: [target] });
    const { etag } = await getRoute(ctx, { id: ids.route });
    await updateRoute({ ...ctx, ifMatch: etag }, { id: ids.route, patch: { defaultVersion: "2.0.0" } });
    const moved = await simulate();
    expect(moved.denied.count).toBe(0);
    expect(moved.rerouted).toMatchObject({
      count: CALLS,
      flows: [{ route: "smart", from: { model: "gpt-4o" }, to: { upstream: { name: "two" }, model: "gpt-4o-mini" } }],
    });
    expect(moved.versions).toMatchObject([{ version: "1.0.0", becomes: "moved", to: "smart@2.0.0", calls: CALLS }]);
    expect(Number(moved.cost.after)).toBeLessThan(Number(moved.cost.before));
  });

  it("names the callers of a version that is retired", async () => {
    const target = { upstreamId: ids.second, model: "gpt-4o-mini" };
    await createVersion(ctx, { id: ids.route, version: "2.0.0", targets: [target] });
    const route = await getRoute(ctx, { id: ids.route });
    const { etag } = route.versions.find(({ version }) => version === "1.0.0") ?? route;
    await updateVersion(
      { ...ctx, ifMatch: etag },
      { id: ids.route, version: "1.0.0", patch: { status: "deprecated", sunsetAt: "2001-01-01T00:00:00Z" } },
    );
    const result = await simulate();
    expect(result.denied.byReason).toEqual({ version_retired: CALLS });
    expect(result.versions).toMatchObject([
      { version: "1.0.0", becomes: "retired", consumers: [{ name: "checkout-bot" }], consumerCount: 1 },
    ]);
  });

  it("takes the window that is asked for, and says so where nothing was recorded", async () => {
    const from = new Date(NOW.getTime() - 30_000).toISOString();
    expect((await simulate({ from })).calls).toBe(30);
    const empty = await simulate({ from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" });
    expect(empty).toMatchObject({ calls: 0, denied: { count: 0 }, cost: { before: "0.00", after: "0.00" } });
  });

  it("refuses a window that is none or too long, and whoever may not read the draft", async () => {
    const to = NOW.toISOString();
    await expect(simulate({ from: to, to })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(simulate({ from: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({ code: "invalid_request" });
    const developer = { ...ctx, actor: actorOf("developer", []) };
    await expect(simulate({}, developer)).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("says how far it is, runs one at a time, and ends when nobody listens any more", async () => {
    for await (const step of simulateDraft.steps(ctx, {})) {
      expect(SimulationStep.parse(step)).toEqual({ kind: "progress", calls: 0, of: CALLS });
      await expect(simulate()).rejects.toMatchObject({ code: "too_many_requests" });
      break;
    }
    expect((await simulate()).calls).toBe(CALLS);
    const gone = new AbortController();
    gone.abort();
    await expect(simulate({}, { ...ctx, signal: gone.signal })).rejects.toMatchObject({ code: "conflict" });
    expect((await simulate()).calls).toBe(CALLS);
  });
});
