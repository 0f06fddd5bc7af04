import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft } from "../draft/index.ts";
import type { DomainError } from "../errors.ts";
import { getRevision, publishRevision } from "../revision/index.ts";
import { createRoute, getRoute, updateRoute } from "../route/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { createUpstream, getUpstream, updateUpstream } from "../upstream/index.ts";
import { createPlan, getPlan } from "./index.ts";

/** Rate limits from the management API into the document that nodes run. */
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

/** The pointers of a 422. */
async function refusedAt(attempt: Promise<unknown>): Promise<string[]> {
  const error: DomainError = await attempt.then(
    () => Promise.reject(new Error("it was taken")),
    (thrown) => thrown,
  );
  return error.fields.map((field) => field.pointer);
}

/** As it comes over HTTP: of any form. */
const sent = (value: object) => JSON.parse(JSON.stringify(value));

const requests = { metric: "requests", limit: 60, windowSeconds: 60 } as const;
const tokens = { metric: "tokens", limit: 100_000, windowSeconds: 60, per: "key", mode: "shadow" } as const;
const slots = { metric: "concurrency", limit: 4 } as const;

describe("rate limits", () => {
  it("go from plan, route and upstream into the document, with what they mean said", async () => {
    const plan = await createPlan(ctx, { name: "limited", rateLimits: [requests, tokens, slots] });
    const upstream = await createUpstream(ctx, {
      name: "limited",
      provider: "openai",
      baseUrl: "https://api.example.com/v1",
      rateLimits: [slots],
    });
    const route = await createRoute(ctx, {
      name: "limited",
      targets: [{ upstreamId: upstream.id, model: "gpt-4o" }],
      rateLimits: [requests, { ...tokens, per: "address" }],
    });
    const { number } = await publishRevision(ctx, { note: "limits" });
    const { document } = await getRevision(ctx, { number });
    expect(document.plans[0]?.rateLimits).toEqual([
      { ...requests, per: "consumer", mode: "enforce" },
      tokens,
      { ...slots, per: "consumer", mode: "enforce" },
    ]);
    expect(document.routes[0]?.rateLimits).toEqual([
      { ...requests, per: "route", mode: "enforce" },
      { ...tokens, per: "address" },
    ]);
    expect(document.upstreams[0]?.rateLimits).toEqual([{ ...slots, per: "upstream", mode: "enforce" }]);

    await updateRoute(ctx, { id: route.id, patch: { rateLimits: [] } });
    await updateUpstream(ctx, { id: upstream.id, patch: { rateLimits: [requests] } });
    expect((await getRoute(ctx, { id: route.id })).rateLimits).toEqual([]);
    await discardDraft(ctx, {});
    expect((await getRoute(ctx, { id: route.id })).rateLimits).toHaveLength(2);
    expect((await getUpstream(ctx, { id: upstream.id })).rateLimits).toEqual(document.upstreams[0]?.rateLimits);
    expect((await getPlan(ctx, { id: plan.id })).rateLimits).toEqual(document.plans[0]?.rateLimits);
  });

  it("are refused with the field named where they mean nothing", async () => {
    const make = (limit: unknown) => refusedAt(createPlan(ctx, sent({ name: "wrong", rateLimits: [requests, limit] })));
    expect(await make({ ...slots, windowSeconds: 60 })).toEqual(["/rateLimits/1/windowSeconds"]);
    expect(await make({ metric: "tokens", limit: 5 })).toEqual(["/rateLimits/1/windowSeconds"]);
    expect(await make({ ...requests, per: "route" })).toEqual(["/rateLimits/1/per"]);
    expect(await make({ ...requests, mode: "off" })).toEqual(["/rateLimits/1/mode"]);
    expect(await make({ ...requests, metric: "money" })).toEqual(["/rateLimits/1/metric"]);
    expect(await make({ ...requests, limit: 0 })).toEqual(["/rateLimits/1/limit"]);
    const upstream = { name: "wrong", provider: "openai", baseUrl: "https://api.example.com/v1" };
    const wrong = createUpstream(ctx, sent({ ...upstream, rateLimits: [{ ...requests, per: "consumer" }] }));
    expect(await refusedAt(wrong)).toEqual(["/rateLimits/0/per"]);
  });
});
