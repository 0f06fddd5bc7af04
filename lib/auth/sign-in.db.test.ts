import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, createApiFixture, HOST } from "#e2e/support/api-fixture.ts";
import { hashPassword } from "../crypto/password.ts";
import { newId } from "../domain/new-id.ts";
import { lockMs } from "../domain/session/index.ts";
import { bySession } from "./authenticate.ts";
import { occasionOf } from "./occasion.ts";
import { signIn, signOut } from "./sign-in.ts";

const PASSWORD = "correct horse battery";

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.remove());

/** A person with a password, whose sign-ins come from an address of their own. */
async function person() {
  const id = newId("usr");
  const email = `${id}@example.test`;
  const passwordHash = await hashPassword(PASSWORD);
  await api.database.user.create({ data: { id, email, name: "Person", role: "operator", passwordHash } });
  return { id, email };
}

function attempt(email: string, password: string, options: { now?: Date; from?: string; cookie?: string } = {}) {
  const headers = new Headers({ host: HOST, "x-forwarded-for": options.from ?? email, cookie: options.cookie ?? "" });
  const at = options.now ? { now: () => options.now ?? new Date() } : {};
  return signIn({ email, password }, headers, occasionOf(headers, { database: api.database, ...at }));
}

async function auditOf(userOrSessionId: string) {
  const { rows } = await api.owner.query(
    `SELECT action, outcome, actor_id FROM audit_entry WHERE resource_id = $1 ORDER BY id`,
    [userOrSessionId],
  );
  return rows;
}

describe("signing in", () => {
  it("opens a session for the right password, whatever the letters' case of the e-mail, and writes it down", async () => {
    const { id, email } = await person();
    const result = await attempt(`  ${email.toUpperCase()} `, PASSWORD);
    expect(result).toMatchObject({ outcome: "signedIn", userId: id });
    if (result.outcome !== "signedIn") return;
    expect(await auditOf(result.sessionId)).toEqual([{ action: "session.create", outcome: "done", actor_id: id }]);
  });

  it("says the same for a wrong password, an unknown, a disabled, a passwordless and a locked account", async () => {
    const [known, disabled, locked, without] = [await person(), await person(), await person(), await person()];
    await api.owner.query(`UPDATE "user" SET disabled_at = now() WHERE id = $1`, [disabled.id]);
    await api.owner.query(`UPDATE "user" SET locked_until = now() + interval '1 minute' WHERE id = $1`, [locked.id]);
    await api.owner.query(`UPDATE "user" SET password_hash = NULL WHERE id = $1`, [without.id]);
    const results = [
      await attempt(known.email, "wrong password"),
      await attempt("nobody@example.test", PASSWORD),
      await attempt("", ""),
      await attempt("nul\0@example.test", PASSWORD, { from: "nul" }),
      await attempt(disabled.email, PASSWORD),
      await attempt(locked.email, PASSWORD),
      await attempt(without.email, PASSWORD),
      await attempt(known.email, "x".repeat(100_000)),
    ];
    for (const result of results) expect(result).toEqual({ outcome: "refused" });
    const entries = await auditOf(known.id);
    expect(entries[0]).toEqual({ action: "session.refuse", outcome: "refused", actor_id: "system" });
  });

  it("takes as long for an unknown account as for a wrong password", async () => {
    const { email } = await person();
    const medianMs = async (name: string) => {
      const times: number[] = [];
      for (let count = 0; count < 9; count++) {
        const startedMs = performance.now();
        // Each time from another address, so that the bound on one address does not answer.
        await attempt(name, "wrong password", {
          from: `${name}${count}`,
          now: new Date(Date.now() + count * 3_600_000),
        });
        times.push(performance.now() - startedMs);
      }
      return times.toSorted((a, b) => a - b)[4] ?? 0;
    };
    const [wrong, unknown] = [await medianMs(email), await medianMs("nobody@example.test")];
    expect(unknown).toBeGreaterThan(wrong / 3);
    expect(unknown).toBeLessThan(wrong * 3);
  });

  it("shuts an account for longer and longer, and opens it again", async () => {
    const { id, email } = await person();
    const start = Date.now();
    for (let count = 0; count < 5; count++) await attempt(email, "wrong", { now: new Date(start) });
    expect(await attempt(email, PASSWORD, { now: new Date(start + 500) })).toEqual({ outcome: "refused" });
    expect(await attempt(email, "wrong", { now: new Date(start + 1_001) })).toEqual({ outcome: "refused" });
    expect(await attempt(email, PASSWORD, { now: new Date(start + 2_500) })).toEqual({ outcome: "refused" });
    expect(await attempt(email, PASSWORD, { now: new Date(start + 3_100) })).toMatchObject({ outcome: "signedIn" });
    const { rows } = await api.owner.query(`SELECT failed_sign_ins, locked_until FROM "user" WHERE id = $1`, [id]);
    expect(rows).toEqual([{ failed_sign_ins: 0, locked_until: null }]);
    expect([lockMs(4), lockMs(5), lockMs(8), lockMs(100)]).toEqual([0, 1_000, 8_000, 900_000]);
  });

  it("looks at no more than five passwords when fifty guesses come at once", async () => {
    const { id, email } = await person();
    const now = new Date();
    const guesses = Array.from({ length: 50 }, (_, count) =>
      attempt(email, "wrong", { now, from: `${email}${count}` }),
    );
    await Promise.all(guesses);
    const { rows } = await api.owner.query(`SELECT failed_sign_ins FROM "user" WHERE id = $1`, [id]);
    expect(rows).toEqual([{ failed_sign_ins: 5 }]);
  });

  it("slows one address down without shutting the others out; right passwords do not count", async () => {
    const { email } = await person();
    const now = new Date();
    for (let count = 0; count < 22; count++)
      expect(await attempt(email, PASSWORD, { now, from: "198.51.100.1" })).toMatchObject({ outcome: "signedIn" });
    for (let count = 0; count < 20; count++)
      await attempt(`${count}@example.test`, "guess", { now, from: "198.51.100.2" });
    expect(await attempt(email, PASSWORD, { now, from: "198.51.100.2" })).toEqual({ outcome: "tooMany" });
    expect(await attempt(email, PASSWORD, { now, from: "198.51.100.3" })).toMatchObject({ outcome: "signedIn" });
  });

  it("does not fill the audit with refusals", async () => {
    await api.owner.query(`DELETE FROM audit_entry WHERE action = 'session.refuse'`);
    const now = new Date(Date.now() + 86_400_000);
    for (let count = 0; count < 40; count++)
      await attempt(`flood${count}@example.test`, "guess", { now, from: `flood${count}` });
    const { rows } = await api.owner.query(`SELECT count(*)::int FROM audit_entry WHERE action = 'session.refuse'`);
    expect(rows).toEqual([{ count: 30 }]);
  });
});

describe("a session", () => {
  it("is another one after each sign-in, and the one before is over", async () => {
    const { id, email } = await person();
    const before = await api.openSession(id);
    const result = await attempt(email, PASSWORD, { cookie: before.cookie });
    expect(result.outcome === "signedIn" && result.sessionId !== before.id).toBe(true);
    expect((await api.call("GET", "/me", { as: { session: before.cookie } })).status).toBe(401);
    expect((await auditOf(before.id)).map((entry) => entry.action)).toEqual(["session.revoke"]);
  });

  it("ends when its holder signs out", async () => {
    const { id } = await person();
    const { cookie } = await api.openSession(id);
    const headers = new Headers({ host: HOST, cookie });
    const present = await bySession(headers, occasionOf(headers, { database: api.database }));
    expect(present?.ctx.actor).toMatchObject({ kind: "user", id, role: "operator" });
    if (present) await signOut(present.ctx);
    expect((await api.call("GET", "/me", { as: { session: cookie } })).status).toBe(401);
  });

  it("ends when its holder opens twenty later ones, and the others end with the password", async () => {
    const { id, email } = await person();
    const first = await api.openSession(id);
    const opened = [];
    for (let count = 0; count < 20; count++) opened.push(await attempt(email, PASSWORD));
    expect((await api.call("GET", "/me", { as: { session: first.cookie } })).status).toBe(401);

    const own = await api.openSession(id);
    const body = { currentPassword: PASSWORD, newPassword: "another horse battery" };
    const change = (changed: object) =>
      api.call("POST", "/me/password", { as: { session: own.cookie }, body: changed });
    const wrong = await change({ ...body, currentPassword: "not the password" });
    expect([wrong.status, (await wrong.json()).errors[0].pointer]).toEqual([422, "/currentPassword"]);
    expect((await change({ ...body, newPassword: "short" })).status).toBe(422);
    expect((await change({ ...body, newPassword: email })).status).toBe(422);
    expect((await change(body)).status).toBe(204);
    const { rows } = await api.owner.query(`SELECT id FROM session WHERE user_id = $1 AND revoked_at IS NULL`, [id]);
    expect(rows).toEqual([{ id: own.id }]);
    expect(await attempt(email, body.newPassword)).toMatchObject({ outcome: "signedIn" });
  });
});
