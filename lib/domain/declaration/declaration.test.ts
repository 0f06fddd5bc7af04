import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

const SECRETS = { "env:OPENAI_KEY": "sk-first-secret-0123456789" };

/** A declaration with one of everything. */
function whole() {
  return {
    turnpike: 1,
    name: "production",
    teams: ["Search"],
    upstreams: {
      openai: {
        provider: "openai",
        credentials: { default: { secret: "env:OPENAI_KEY" } },
        timeouts: { firstByteMs: 30_000 },
      },
      backup: { provider: "openai_compatible", baseUrl: "https://llm.example.com/v1" },
    },
    plans: {
      standard: { rateLimits: [{ metric: "requests", limit: 60, windowSeconds: 60 }], routes: ["smart"] },
    },
    routes: {
      smart: {
        description: "The everyday model",
        defaultVersion: "2.0.0",
        versions: {
          "1.0.0": {
            status: "deprecated",
            sunsetAt: "2027-06-01T00:00:00Z",
            successor: "2.0.0",
            targets: [{ upstream: "openai", model: "gpt-4o" }],
          },
          "2.0.0": {
            strategy: "priority",
            retry: { attempts: 3 },
            cache: { ttlSeconds: 300 },
            targets: [
              { upstream: "openai", model: "gpt-5" },
              { upstream: "backup", model: "llama", priority: 1 },
            ],
            guardrails: [
              { kind: "pii", name: "no-cards", types: ["card"] },
              { kind: "webhook", name: "ask", upstream: "backup" },
            ],
          },
        },
      },
    },
    prices: [{ provider: "openai", model: "gpt-5", input: [{ fromTokens: 0, dollars: "1.25" }] }],
    consumers: [{ team: "Search", name: "checkout", plan: "standard" }],
  };
}

async function post(path: string, body: object, as: "owner" | "auditor" | "operator" = "owner", headers = {}) {
  const response = await api.call("POST", `/declarations/${path}`, { as, body, headers });
  return { status: response.status, body: await response.json() };
}
const plan = (declaration: object, more: object = {}) => post("plan", { declaration, secrets: SECRETS, ...more });
const apply = (declaration: object, more: object = {}) => post("apply", { declaration, secrets: SECRETS, ...more });
const read = async (path: string) => (await api.call("GET", path, { as: "owner" })).json();
const patch = async (path: string, body: object) =>
  expect((await api.call("PATCH", path, { as: "owner", body, headers: { "if-match": "*" } })).status).toBe(200);

describe("a declaration", () => {
  it("is planned without a change, by who may only read, and names what is missing", async () => {
    const { status, body } = await post("plan", { declaration: whole() }, "auditor");
    expect(status).toBe(200);
    expect(body.summary).toMatchObject({ create: 10, update: 0, adopt: 0, delete: 0, unchanged: 0 });
    expect((await read("/upstreams")).data).toEqual([]);
    const missing = await post("apply", { declaration: whole() });
    expect(missing).toMatchObject({ status: 422 });
    expect(missing.body.errors[0]).toMatchObject({
      pointer: "/declaration/upstreams/openai/credentials/default/secret",
      code: "secret_missing",
    });
    expect((await read("/upstreams")).data).toEqual([]);
  });

  it("goes into the draft; consumers wait for their plan to be published", async () => {
    const { status, body } = await apply(whole());
    expect({ status, body }).toMatchObject({ status: 200, body: { revision: null } });
    expect(body.waiting).toEqual([{ key: "Search/checkout", plan: "standard" }]);
    expect((await read("/draft")).valid).toBe(true);
    const again = await plan(whole());
    expect(again.body.changes).toMatchObject([{ op: "create", kind: "consumer" }]);
  });

  it("is published with a note, and applying it again changes nothing", async () => {
    const { body } = await apply(whole(), { publish: { note: "from code" } });
    expect(body).toMatchObject({ revision: 1, waiting: [], draftChanges: 0 });
    expect(await read("/revisions/1")).toMatchObject({ note: "from code" });
    const entries = async () => (await api.owner.query("SELECT count(*)::int AS n FROM audit_entry")).rows[0].n;
    const before = await entries();
    const again = await plan(whole());
    expect(again.body.changes).toEqual([]);
    const second = await apply(whole(), { publish: { note: "again" } });
    expect(second.body).toMatchObject({ revision: null, changes: [] });
    expect(await entries()).toBe(before);
  });

  it("reports what was changed, renamed and deleted by hand, and puts it right", async () => {
    const [plans, routes, upstreams, overrides] = [
      (await read("/plans")).data,
      (await read("/routes")).data,
      (await read("/upstreams")).data,
      (await read("/price-overrides")).data,
    ];
    await patch(`/plans/${plans[0].id}`, { rateLimits: [] });
    await patch(`/routes/${routes[0].id}`, { name: "clever" });
    await patch(`/routes/${routes[0].id}/versions/2.0.0`, { retry: { attempts: 1 } });
    await api.call("DELETE", `/price-overrides/${overrides[0].id}`, { as: "owner" });
    await patch(`/upstreams/${upstreams.find((each: { name: string }) => each.name === "openai").id}`, {
      timeouts: { firstByteMs: null, idleMs: 5_000 },
    });
    const { body } = await plan(whole());
    const seen = body.changes.map((change: { op: string; kind: string; drift: { field: string }[] }) => [
      change.op,
      change.kind,
      change.drift.map(({ field }) => field).join(),
    ]);
    expect(seen.toSorted()).toEqual(
      [
        ["update", "upstream", "timeouts"],
        ["update", "plan", "rateLimits"],
        ["create", "price", ""],
        ["update", "route", "name"],
        ["update", "routeVersion", "retry"],
      ].toSorted(),
    );
    expect(body.summary).toMatchObject({ drifted: 5 });
    expect((await apply(whole())).status).toBe(200);
    expect((await plan(whole())).body.changes).toEqual([]);
    expect((await read("/draft")).changes).toEqual([]);
  });

  it("replaces a secret only when it differs, and tells only who may write credentials", async () => {
    const other = { secrets: { "env:OPENAI_KEY": "sk-other-secret-0123456789" } };
    const { body } = await plan(whole(), other);
    expect(body.changes).toMatchObject([
      { op: "update", kind: "credential", fields: [{ field: "secret", before: "stored", after: "new" }] },
    ]);
    const asked = await post("plan", { declaration: whole(), ...other }, "operator");
    expect(asked.body).toMatchObject({ changes: [], secretsNotCompared: ["openai/default"] });
    expect((await post("apply", { declaration: whole(), ...other }, "operator")).body.changes).toEqual([]);
    expect((await apply(whole(), other)).status).toBe(200);
    expect((await read("/credentials")).data[0].last4).toBe("6789");
    const text = JSON.stringify((await api.owner.query("SELECT * FROM audit_entry")).rows);
    expect(text).not.toContain("other-secret");
    await apply(whole());
  });

  it("removes only what it owned, and only when asked", async () => {
    await api.call("POST", "/plans", { as: "owner", body: { name: "by hand" } });
    const { prices: _prices, consumers: _consumers, ...rest } = whole();
    const fewer = { ...rest, plans: {} };
    const kept = await plan(fewer);
    expect(kept.body.summary).toMatchObject({ keep: 3, delete: 0 });
    const pruned = await apply(fewer, { prune: true, publish: { note: "less", withOthers: true } });
    expect(pruned.body).toMatchObject({ summary: { delete: 3 }, revision: 2 });
    expect((await read("/plans")).data).toMatchObject([{ name: "by hand" }]);
    expect((await read("/consumers")).data).toEqual([]);
    expect((await plan(fewer, { prune: true })).body.changes).toEqual([]);
  });

  it("refuses to publish other people's edits unasked", async () => {
    await api.call("POST", "/plans", { as: "owner", body: { name: "half-done" } });
    const refused = await apply(whole(), { publish: {} });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("add plan half-done");
    expect((await read("/draft")).changes).toMatchObject([{ op: "add", name: "half-done" }]);
  });

  it("leaves things of another declaration alone, and adopts what nobody owns", async () => {
    const two = { turnpike: 1, name: "other", upstreams: { openai: { provider: "openai" } } };
    const refused = await plan(two);
    expect(refused.status).toBe(409);
    expect(refused.body.errors[0]).toMatchObject({ pointer: "/declaration/upstreams/openai", code: "owned_elsewhere" });
    const mine = { turnpike: 1, name: "other", plans: { "by hand": {} } };
    expect((await plan(mine)).body.changes).toMatchObject([{ op: "adopt", kind: "plan", key: "by hand" }]);
    await apply(mine);
    expect((await plan(mine)).body.changes).toEqual([]);
    expect((await read("/declarations")).data).toMatchObject([{ name: "other", resources: 1 }, { name: "production" }]);
    expect((await api.call("DELETE", "/declarations/other", { as: "owner" })).status).toBe(204);
  });

  it("says where a declaration is wrong, and applies all of it or nothing", async () => {
    const broken = whole();
    Object.assign(broken.plans.standard, { rateLimit: [] });
    broken.routes.smart.versions["2.0.0"].targets[1] = { upstream: "nowhere", model: "x", priority: 0 };
    const unknown = await plan(broken);
    expect(unknown.body.errors).toMatchObject([
      { pointer: "/declaration/plans/standard/rateLimit", code: "unknown_field" },
    ]);
    const late = {
      ...whole(),
      routes: { ...whole().routes, rest: { kind: "http", versions: { "1.0.0": { targets: [] } } } },
    };
    expect((await plan(late)).body.errors).toMatchObject([
      { pointer: "/declaration/routes/rest/versions/1.0.0/targets" },
    ]);
    const wrong = {
      ...whole(),
      teams: ["Search", "New"],
      routes: { rest: { kind: "http", versions: { "1.0.0": { targets: [{ upstream: "backup" }] } } } },
    };
    const refused = await apply(wrong);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      "/declaration/routes/rest/targets/0/upstream",
    );
    expect((await read("/teams")).data.map(({ name }: { name: string }) => name)).not.toContain("New");
  });

  it("applies exactly what was planned, or says that it is another thing now", async () => {
    const { body } = await plan(whole());
    await patch(`/upstreams/${(await read("/upstreams")).data[0].id}`, { timeouts: { idleMs: 77 } });
    const late = await post("apply", { declaration: whole(), secrets: SECRETS }, "owner", { "if-match": body.etag });
    expect(late.status).toBe(412);
  });

  it("exports what applies as it is", async () => {
    await apply(whole(), { publish: { withOthers: true } });
    const exported = await read("/declarations/export?name=production&owned=true");
    const text = JSON.stringify(exported);
    expect(text).not.toContain("sk-");
    expect(exported.upstreams.openai).toMatchObject({ credentials: { default: { secret: "env:OPENAI_KEY" } } });
    expect(exported.routes.smart.versions["2.0.0"]).not.toHaveProperty("hashBy");
    const again = await plan(exported, { prune: true });
    expect(again.body.changes).toEqual([]);
    expect(again.status).toBe(200);
  });
});
