import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

const withKey = (key: string) => ({ "idempotency-key": key });
const teamsNamed = async (name: string) =>
  (await api.owner.query(`SELECT id FROM team WHERE name = $1`, [name])).rows.length;
const audited = async (name: string) =>
  (await api.owner.query(`SELECT id FROM audit_entry WHERE resource_name = $1`, [name])).rows.length;

describe("Idempotency-Key", () => {
  it("has one effect for 50 duplicates at once, and one answer", { timeout: 60_000 }, async () => {
    const sent = { as: "owner", body: { name: "Once" }, headers: withKey(randomUUID()) } as const;
    const responses = await Promise.all(Array.from({ length: 50 }, () => api.call("POST", "/teams", sent)));
    expect(responses.map((response) => response.status)).toEqual(Array.from({ length: 50 }, () => 201));
    const bodies = new Set(await Promise.all(responses.map((response) => response.text())));
    const places = new Set(responses.map((response) => response.headers.get("location")));
    expect([bodies.size, places.size]).toEqual([1, 1]);
    const first = responses.filter((response) => response.headers.get("idempotent-replayed") === null);
    expect(first).toHaveLength(1);
    expect([await teamsNamed("Once"), await audited("Once")]).toEqual([1, 1]);
  });

  it("refuses the same key with another body, and tells methods, paths and actors apart", async () => {
    const headers = withKey("short");
    expect((await api.call("POST", "/teams", { as: "owner", body: { name: "First" }, headers })).status).toBe(201);
    const other = await api.call("POST", "/teams", { as: "owner", body: { name: "Second" }, headers });
    expect([other.status, (await other.json()).code]).toEqual([422, "idempotency_mismatch"]);
    expect(await teamsNamed("Second")).toBe(0);
    const plan = await api.call("POST", "/plans", { as: "owner", body: { name: "First" }, headers });
    expect([plan.status, plan.headers.get("idempotent-replayed")]).toEqual([201, null]);
    const somebodyElse = await api.call("POST", "/teams", { as: "admin", body: { name: "First" }, headers });
    expect(somebodyElse.status).toBe(409);
  });

  it("takes the order of members for the same body", async () => {
    const headers = withKey(randomUUID());
    const first = await api.call("POST", "/plans", {
      as: "owner",
      text: '{"name":"Order","description":"d"}',
      headers,
    });
    const again = await api.call("POST", "/plans", {
      as: "owner",
      text: '{ "description":"d", "name":"Order" }',
      headers,
    });
    expect([first.status, again.status, again.headers.get("idempotent-replayed")]).toEqual([201, 201, "true"]);
  });

  it("does not remember a refusal, which had no effect", async () => {
    const headers = withKey(randomUUID());
    await api.call("POST", "/teams", { as: "owner", body: { name: "Blocks" } });
    expect((await api.call("POST", "/teams", { as: "owner", body: { name: "Blocks" }, headers })).status).toBe(409);
    await api.owner.query(`DELETE FROM team WHERE name = 'Blocks'`);
    expect((await api.call("POST", "/teams", { as: "owner", body: { name: "Blocks" }, headers })).status).toBe(201);
  });

  it("repeats a secret only for a key that cannot be guessed, and keeps none in the clear", async () => {
    const make = (key: string) =>
      api.call("POST", "/management-tokens", {
        as: "owner",
        body: { name: "ci", role: "auditor" },
        headers: withKey(key),
      });
    const long = randomUUID();
    const [first, again] = [await (await make(long)).json(), await (await make(long)).json()];
    expect(again).toEqual(first);
    const [shortFirst, shortAgain] = [await (await make("guess-me")).json(), await (await make("guess-me")).json()];
    expect(shortFirst.secret).toMatch(/^tpm_/);
    expect(shortAgain).toEqual({ ...shortFirst, secret: undefined });
    const { rows } = await api.owner.query(`SELECT encode(response, 'escape') AS kept FROM idempotency_record`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { kept } of rows) expect(kept).not.toContain("tpm_");
  });

  it("refuses a key that is none", async () => {
    for (const key of ["", "x".repeat(256), "naïve"]) {
      const response = await api.call("POST", "/teams", { as: "owner", body: { name: "Key" }, headers: withKey(key) });
      expect([key, response.status]).toEqual([key, 400]);
    }
  });

  it("asks for the permission again before it repeats an answer", async () => {
    const headers = withKey(randomUUID());
    const { cookie } = await api.openSession(api.userIds.admin);
    const post = () => api.call("POST", "/teams", { as: { session: cookie }, body: { name: "Demoted" }, headers });
    expect((await post()).status).toBe(201);
    await api.owner.query(`UPDATE "user" SET role = 'auditor' WHERE id = $1`, [api.userIds.admin]);
    expect((await post()).status).toBe(403);
    await api.owner.query(`UPDATE "user" SET role = 'admin' WHERE id = $1`, [api.userIds.admin]);
    expect((await post()).headers.get("idempotent-replayed")).toBe("true");
  });
});
