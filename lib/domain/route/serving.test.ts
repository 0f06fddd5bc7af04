import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { PolicyDocument } from "../../contract/policy-document.ts";
import { type Context, systemContext } from "../context.ts";
import { discardDraft, getDraft } from "../draft/index.ts";
import { activeRevision } from "../revision/active.ts";
import { publishRevision } from "../revision/index.ts";
import { bootstrapInstallation } from "../setup/bootstrap.ts";
import { inTransaction } from "../transaction.ts";
import { createUpstream } from "../upstream/index.ts";
import { createRoute, createVersion, getRoute, purgeRouteCache, updateRoute, updateVersion } from "./index.ts";

let test: TestDatabase;
let ctx: Context;
let restId: string;
let modelId: string;

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
  const address = { baseUrl: "https://api.example.com" };
  restId = (await createUpstream(ctx, { name: "rest", provider: "rest", ...address })).id;
  modelId = (await createUpstream(ctx, { name: "models", provider: "openai", ...address })).id;
});
afterAll(() => test.remove());

const http = { methods: ["GET" as const], paths: ["/users/{id}"] };
const published = async (): Promise<PolicyDocument> =>
  PolicyDocument.parse((await inTransaction(ctx, activeRevision)).document);
const pointersOf = async (act: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const fields: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "fields") : [];
  return Array.isArray(fields) ? fields.map(({ pointer }) => String(pointer)) : [];
};

describe("a route version's cache", () => {
  it("is written short, kept whole, published, changed and taken away", async () => {
    const target = { upstreamId: modelId, model: "gpt-4o" };
    const route = await createRoute(ctx, { name: "smart", targets: [target], cache: { ttlSeconds: 300 } });
    const whole = {
      ttlSeconds: 300,
      scope: "consumer",
      onlyTemperatureZero: false,
      maxEntryBytes: 1_048_576,
      shared: false,
    };
    expect(route.versions[0]?.cache).toEqual(whole);
    await publishRevision(ctx, {});
    expect((await published()).routes[0]?.versions[0]?.cache).toEqual(whole);
    const at = { id: route.id, version: "1.0.0" };
    const changed = await updateVersion(ctx, { ...at, patch: { cache: { scope: "team" } } });
    expect(changed.cache).toEqual({ ...whole, scope: "team" });
    expect((await updateVersion(ctx, { ...at, patch: { cache: null } })).cache).toBeNull();
    await discardDraft(ctx, {});
    expect((await getRoute(ctx, { id: route.id })).versions[0]?.cache).toEqual(whole);
    expect(await pointersOf(updateVersion(ctx, { ...at, patch: { cache: { ttlSeconds: 0 } } }))).toEqual([
      "/cache/ttlSeconds",
    ]);
  });

  it("is purged through the directory's log, with an entry in the audit", async () => {
    const { id } = await createRoute(ctx, { name: "purged", targets: [{ upstreamId: modelId, model: "m" }] });
    const entry = () =>
      test.database.directoryEntry.findUniqueOrThrow({ where: { kind_id: { kind: "routeCache", id } } });
    await purgeRouteCache(ctx, { id });
    const first = await entry();
    await purgeRouteCache(ctx, { id });
    const second = await entry();
    expect(second.sequence).toBeGreaterThan(first.sequence);
    expect(second.body).not.toEqual(first.body);
    const { rows } = await test.owner.query("SELECT action FROM audit_entry WHERE resource_id = $1 ORDER BY id", [id]);
    expect(rows.map((row) => row.action)).toEqual(["route.create", "route.purgeCache", "route.purgeCache"]);
    await expect(purgeRouteCache(ctx, { id: "rte_none" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("what a target's dialect cannot carry", () => {
  it("is refused unless the version says otherwise, and that survives publishing and a discarded draft", async () => {
    const targets = [{ upstreamId: modelId, model: "gpt-4o" }];
    const { id, versions } = await createRoute(ctx, { name: "strict", targets });
    expect(versions[0]?.onNotCarried).toBe("refuse");
    const at = { id, version: "1.0.0" };
    expect((await updateVersion(ctx, { ...at, patch: { onNotCarried: "drop" } })).onNotCarried).toBe("drop");
    await publishRevision(ctx, {});
    const document = (await published()).routes.find((route) => route.name === "strict");
    expect(document?.versions[0]?.onNotCarried).toBe("drop");
    await updateVersion(ctx, { ...at, patch: { onNotCarried: "refuse" } });
    await discardDraft(ctx, {});
    expect((await getRoute(ctx, { id })).versions[0]?.onNotCarried).toBe("drop");
    expect(await pointersOf(updateVersion(ctx, { ...at, patch: { onNotCarried: "ask" } }))).toEqual(["/onNotCarried"]);
  });
});

describe("a route of kind http", () => {
  it("is served by REST upstreams, without a model, and published as what it is", async () => {
    const route = await createRoute(ctx, { name: "users", kind: "http", http, targets: [{ upstreamId: restId }] });
    expect(route).toMatchObject({
      kind: "http",
      versions: [{ http: { methods: ["GET"], query: { set: {}, remove: [] } } }],
    });
    const number = "1.1.0";
    const changed = { methods: ["GET" as const, "PUT" as const], paths: ["/**"], stripPrefix: "/v1" };
    await createVersion(ctx, { id: route.id, version: number, http: changed, targets: [{ upstreamId: restId }] });
    expect((await getDraft(ctx, {})).problems).toEqual([]);
    await publishRevision(ctx, {});
    const found = (await published()).routes.find(({ name }) => name === "users");
    expect(found?.kind).toBe("http");
    expect(found?.versions.map((version) => version.http?.paths)).toEqual([["/users/{id}"], ["/**"]]);
    await discardDraft(ctx, {});
    const patched = await updateVersion(ctx, {
      id: route.id,
      version: number,
      patch: { http: { stripPrefix: null, requestHeaders: { set: { "X-Tenant": "acme" } } } },
    });
    expect(patched.http).toMatchObject({ requestHeaders: { set: { "x-tenant": "acme" } } });
    expect(patched.http?.stripPrefix).toBeUndefined();
  });

  it("and every other are refused what is not theirs", async () => {
    const rest = { upstreamId: restId };
    const model = { upstreamId: modelId, model: "m" };
    expect(await pointersOf(createRoute(ctx, { name: "a", kind: "http", http, targets: [model] }))).toEqual([
      "/targets/0/upstreamId",
    ]);
    expect(await pointersOf(createRoute(ctx, { name: "a", kind: "http", targets: [rest] }))).toEqual(["/http"]);
    expect(await pointersOf(createRoute(ctx, { name: "a/b", kind: "http", http, targets: [rest] }))).toEqual(["/name"]);
    expect(await pointersOf(createRoute(ctx, { name: "a", targets: [model, rest] }))).toEqual([
      "/targets/1/upstreamId",
    ]);
    expect(await pointersOf(createRoute(ctx, { name: "a", http, targets: [model] }))).toEqual(["/http"]);
    expect(await pointersOf(createRoute(ctx, { name: "a", targets: [{ upstreamId: modelId }] }))).toEqual([
      "/targets/0/model",
    ]);
    const { id } = await createRoute(ctx, { name: "plain", kind: "http", http, targets: [rest] });
    expect(await pointersOf(updateRoute(ctx, { id, patch: { name: "with/slash" } }))).toEqual(["/name"]);
    const wrong = (rule: object) =>
      pointersOf(createRoute(ctx, { name: "b", kind: "http", http: { ...http, ...rule }, targets: [rest] }));
    expect(await wrong({ paths: ["/a/../b"] })).toEqual(["/http/paths/0"]);
    expect(await wrong({ paths: ["/**/a"] })).toEqual(["/http/paths/0"]);
    expect(await wrong({ paths: ["/x{id}", "/{id}/{id}"] })).toEqual(["/http/paths/0", "/http/paths/1"]);
    expect(await wrong({ methods: ["TRACE"] })).toEqual(["/http/methods/0"]);
    expect(await wrong({ rewritePath: "/{name}" })).toEqual(["/http/rewritePath"]);
    expect(await wrong({ stripPrefix: "/a", rewritePath: "/b" })).toEqual(["/http/rewritePath"]);
    for (const name of ["host", "Transfer-Encoding", "x-turnpike-route", "cookie", "a b"]) {
      expect(await wrong({ requestHeaders: { remove: [name] } })).toEqual(["/http/requestHeaders/remove/0"]);
    }
    expect((await wrong({ responseHeaders: { set: { "x-a": "1\r\nx-b: 2" } } })).length).toBe(1);
  });
});
