import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture } from "#e2e/support/api-fixture.ts";
import type { Role } from "../../contract/permissions.ts";
import { verifyPassword } from "../../crypto/password.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

async function createUser(email: string, role: Role, as: Role = "owner", extra: object = {}) {
  const response = await api.call("POST", "/users", { as, body: { email, name: email, role, ...extra } });
  return { status: response.status, ...(await response.json()) };
}

const patch = async (id: string, body: object, as: Role = "owner") => {
  const response = await api.call("PATCH", `/users/${id}`, { as, body, headers: { "if-match": "*" } });
  return { status: response.status, ...(await response.json()) };
};

async function storedHash(id: string): Promise<string> {
  return (await api.owner.query(`SELECT password_hash FROM "user" WHERE id = $1`, [id])).rows[0].password_hash;
}

async function actionsOn(id: string): Promise<string[]> {
  const { rows } = await api.owner.query(`SELECT action FROM audit_entry WHERE resource_id = $1 ORDER BY id`, [id]);
  return rows.map((row) => row.action);
}

describe("people", () => {
  it("are added with a password that works, made and shown once where none is given", async () => {
    const made = await createUser("Ada@Example.test", "developer", "owner", { teamIds: [api.teamId] });
    expect(made).toMatchObject({
      status: 201,
      email: "ada@example.test",
      teams: [{ id: api.teamId, name: "Payments" }],
    });
    expect(made.initialPassword.length).toBeGreaterThanOrEqual(20);
    expect(await verifyPassword(await storedHash(made.id), made.initialPassword)).toBe(true);
    const read = await (await api.call("GET", `/users/${made.id}`, { as: "auditor" })).json();
    expect(read).not.toHaveProperty("initialPassword");
    expect(JSON.stringify(read)).not.toContain("argon2");
    const given = await createUser("grace@example.test", "operator", "owner", { password: "a long enough one" });
    expect(given.initialPassword).toBe(null);
    expect(await actionsOn(made.id)).toEqual(["user.create"]);
    const { rows } = await api.owner.query(`SELECT after::text FROM audit_entry WHERE resource_id = $1`, [made.id]);
    expect(rows[0].after).not.toContain(made.initialPassword);
  });

  it("are refused with a short password, the e-mail as password, an unknown team, or an e-mail in use", async () => {
    expect((await createUser("a@example.test", "auditor", "owner", { password: "short" })).status).toBe(422);
    expect(
      (await createUser("long-name@example.test", "auditor", "owner", { password: "Long-Name@example.test" })).status,
    ).toBe(422);
    expect((await createUser("b@example.test", "developer", "owner", { teamIds: ["team_none"] })).errors).toMatchObject(
      [{ pointer: "/teamIds/0", code: "unknown_team" }],
    );
    expect(await createUser("OWNER@example.test", "auditor")).toMatchObject({
      status: 409,
      errors: [{ pointer: "/email" }],
    });
  });

  it("cannot be raised above the role of who raises them, nor touched from below", async () => {
    expect((await createUser("boss@example.test", "owner", "admin")).status).toBe(403);
    const clerk = await createUser("clerk@example.test", "auditor", "admin");
    expect((await patch(clerk.id, { role: "owner" }, "admin")).status).toBe(403);
    expect((await patch(clerk.id, { role: "admin" }, "admin")).status).toBe(200);
    for (const [method, path] of [
      ["DELETE", `/users/${api.userIds.owner}`],
      ["POST", `/users/${api.userIds.owner}/password`],
    ] as const)
      expect((await api.call(method, path, { as: "admin" })).status).toBe(403);
    expect((await patch(api.userIds.owner, { name: "Mine" }, "admin")).status).toBe(403);
    const { id } = await api.openSession(api.userIds.owner);
    expect((await api.call("DELETE", `/sessions/${id}`, { as: "admin" })).status).toBe(403);
    const token = await api.call("POST", "/management-tokens", { as: "admin", body: { name: "t", role: "owner" } });
    expect(token.status).toBe(403);
  });

  it("always keep one owner who can sign in, also when two go at the same moment", async () => {
    const ownId = api.userIds.owner;
    for (const change of [{ role: "admin" }, { disabled: true }])
      expect(await patch(ownId, change)).toMatchObject({ status: 409, code: "conflict" });
    expect((await api.call("DELETE", `/users/${ownId}`, { as: "owner" })).status).toBe(409);
    const second = await createUser("second@example.test", "owner");
    const both = await Promise.all([patch(ownId, { role: "admin" }), patch(second.id, { disabled: true })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    await api.owner.query(`UPDATE "user" SET role = 'owner' WHERE id = $1`, [ownId]);
    expect((await api.call("DELETE", `/users/${second.id}`, { as: "owner" })).status).toBe(204);
    expect((await api.call("GET", `/users/${second.id}`, { as: "owner" })).status).toBe(404);
  });

  it("lose their sessions and their lock with a new password", async () => {
    const { id } = await createUser("forgot@example.test", "operator");
    const { cookie } = await api.openSession(id);
    await api.owner.query(
      `UPDATE "user" SET failed_sign_ins = 9, locked_until = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    const response = await api.call("POST", `/users/${id}/password`, { as: "admin" });
    const { initialPassword } = await response.json();
    expect(response.status).toBe(200);
    expect(await verifyPassword(await storedHash(id), initialPassword)).toBe(true);
    expect((await api.call("GET", "/me", { as: { session: cookie } })).status).toBe(401);
    expect((await (await api.call("GET", `/users/${id}`, { as: "admin" })).json()).lockedUntil).toBe(null);
    expect(await actionsOn(id)).toEqual(["user.create", "user.resetPassword"]);
  });

  it("of a team see their own team's things as soon as they are in it, and not a moment longer", async () => {
    const { id } = await createUser("dev@example.test", "developer");
    const { cookie } = await api.openSession(id);
    const teams = async () => (await (await api.call("GET", "/teams", { as: { session: cookie } })).json()).data.length;
    expect(await teams()).toBe(0);
    await patch(id, { teamIds: [api.teamId] });
    expect(await teams()).toBe(1);
    expect(await (await api.call("GET", "/me", { as: { session: cookie } })).json()).toMatchObject({
      scope: "teams",
      teams: [{ id: api.teamId }],
      user: { email: "dev@example.test" },
    });
    await patch(id, { teamIds: [] });
    expect(await teams()).toBe(0);
  });
});

describe("management tokens", () => {
  it("work until they are revoked or expire, and are shown once", async () => {
    const body = { name: "ci", role: "auditor", expiresAt: new Date(Date.now() + 60_000).toISOString() };
    const made = await (await api.call("POST", "/management-tokens", { as: "admin", body })).json();
    expect(made.secret).toMatch(/^tpm_\w{39}$/);
    const as = { token: made.secret };
    expect(await (await api.call("GET", "/me", { as })).json()).toMatchObject({
      actor: { kind: "managementToken", name: "ci" },
      role: "auditor",
      user: null,
    });
    expect((await api.call("GET", "/me", { as, now: new Date(Date.now() + 61_000) })).status).toBe(401);
    const read = await (await api.call("GET", `/management-tokens/${made.id}`, { as: "auditor" })).json();
    expect(read).toMatchObject({ state: "active", last4: made.secret.slice(-4) });
    expect(read.lastUsedAt).not.toBe(null);
    expect(JSON.stringify(read)).not.toContain(made.secret);
    expect((await api.call("DELETE", `/management-tokens/${made.id}`, { as: "admin" })).status).toBe(204);
    expect((await api.call("GET", "/me", { as })).status).toBe(401);
    expect((await api.call("DELETE", `/management-tokens/${made.id}`, { as: "admin" })).status).toBe(204);
    expect(await actionsOn(made.id)).toEqual(["managementToken.create", "managementToken.revoke"]);
    const past = { ...body, expiresAt: new Date(Date.now() - 1_000).toISOString() };
    expect((await api.call("POST", "/management-tokens", { as: "admin", body: past })).status).toBe(422);
  });

  it("with a team's role own nothing, for they belong to no team", async () => {
    const teams = await (await api.call("GET", "/teams", { as: "developer" })).json();
    expect(teams.data).toEqual([]);
  });
});
