import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { type Actor, systemContext } from "../context.ts";
import { inTransaction } from "../transaction.ts";
import { actorOf } from "../usage/usage-fixtures.ts";
import { getAuditEntry, listAudit, sealAudit, verifyAudit } from "./index.ts";
import { writeAudit } from "./write.ts";

let test: TestDatabase;
let nowMs = Date.parse("2026-11-24T12:00:00.000Z");
const auditor = actorOf("auditor");
const as = (actor: Actor) => ({ ...systemContext(test.database, "req_1", () => new Date(nowMs)), actor });
const verify = (head?: string) => verifyAudit(as(auditor), { head });
const seal = (input = {}) => sealAudit(systemContext(test.database, "job"), input);
const sql = (text: string, values?: unknown[]) => test.owner.query(text, values);

/** Acts as a person once for each name, and waits until the acts count as committed for good. */
async function act(...names: string[]) {
  await write(...names);
  await settled();
}

/** Other test files run transactions in the same cluster, and the sealer waits for those as well. */
const settled = () =>
  waitUntil("older transactions to end", 15_000, async () => {
    const { rowCount } = await sql(
      `SELECT FROM audit_entry WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot())
       AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())`,
    );
    return rowCount === 0 ? true : undefined;
  });

/** One transaction for each name. */
async function write(...names: string[]) {
  for (const name of names) {
    nowMs += 1_000;
    const ctx = { ...as({ ...actorOf("owner"), name: "Ada" }), address: "192.0.2.1", userAgent: "Firefox" };
    await inTransaction(ctx, (tx) =>
      writeAudit({ ...ctx, tx }, "team.create", [
        { resource: "team", id: `team_${name}`, name, teamId: `team_${name}`, after: { name, limit: 1 } },
      ]),
    );
  }
}

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.remove());
beforeEach(async () => {
  await sql("TRUNCATE audit_entry, audit_personal, audit_seal");
  await sql("DELETE FROM sequence WHERE name = 'audit'");
});

describe("sealAudit", () => {
  it("chains everything once, in batches, and verifies", async () => {
    await act("a", "b", "c", "d", "e");
    expect(await seal({ limit: 2 })).toMatchObject({ sealed: 2, more: true, sequence: 2 });
    expect(await verify()).toMatchObject({ valid: true, entries: 5, sealed: 2, unsealed: 3 });
    expect(await seal()).toMatchObject({ sealed: 3, more: false, sequence: 5 });
    expect(await seal()).toMatchObject({ sealed: 0, sequence: 5 });
    const { rows } = await sql("SELECT hash FROM audit_seal WHERE sequence = 5");
    expect(await verify()).toEqual({
      valid: true,
      entries: 5,
      sealed: 5,
      unsealed: 0,
      head: rows[0].hash,
      firstProblem: null,
    });
  });

  it("verifies a chain longer than a chunk, and an empty one", async () => {
    expect(await verify()).toMatchObject({ valid: true, entries: 0, head: "0".repeat(64) });
    await sql(`INSERT INTO audit_entry (id, at, actor_kind, actor_id, action, outcome, resource, resource_id,
        resource_name, request_id, personal_sha256)
      SELECT 'aud_' || lpad(n::text, 6, '0'), now(), 'user', 'u', 'x.y', 'done', 'x', 'id', 'name', 'req', ''
      FROM generate_series(1, 2500) n`);
    await settled();
    for (let more = true; more; ) ({ more } = await seal({ limit: 1_000 }));
    expect(await verify()).toMatchObject({ valid: true, entries: 2_500, sealed: 2_500 });
  });

  it("waits for transactions that began earlier, and then seals in their order", async () => {
    const early = await test.owner.connect();
    await early.query("BEGIN");
    await early.query("SELECT pg_current_xact_id()");
    await write("later");
    expect((await seal()).sealed).toBe(0);
    await early.query(`INSERT INTO audit_entry (id, at, actor_kind, actor_id, action, outcome, resource, resource_id,
      resource_name, request_id, personal_sha256) VALUES ('aud_z', now(), 'user', 'u', 'a', 'done', 'r', 'i', 'n', 'q', '')`);
    await early.query("COMMIT");
    early.release();
    await settled();
    expect((await seal()).sealed).toBe(2);
    const { rows } = await sql("SELECT entry_id FROM audit_seal ORDER BY sequence");
    expect(rows[0].entry_id).toBe("aud_z");
    expect((await verify()).valid).toBe(true);
  });

  it("never forks the chain, however many seal at once", async () => {
    await act(...Array.from({ length: 20 }, (_, index) => `n${index}`));
    await Promise.all(Array.from({ length: 6 }, () => seal({ limit: 7 })));
    while ((await seal()).sealed > 0);
    expect(await verify()).toMatchObject({ valid: true, sealed: 20 });
  });

  it("goes on after a restore into a cluster whose transactions are numbered lower", async () => {
    await act("a", "b", "c");
    await sql("UPDATE audit_entry SET transaction_id = '900000000001'::xid8 WHERE resource_name IN ('a', 'b')");
    await sql("UPDATE audit_entry SET transaction_id = '900000000002'::xid8 WHERE resource_name = 'c'");
    expect((await seal({ limit: 2, everything: true })).sealed).toBe(2);
    await act("d");
    expect((await seal({ everything: true })).sealed).toBe(2);
    await act("e");
    expect((await seal({ everything: true })).sealed).toBe(1);
    await act("f");
    expect((await seal()).sealed).toBe(1);
    expect(await verify()).toMatchObject({ valid: true, sealed: 6 });
  });
});

describe("verifyAudit", () => {
  const tampering: [string, string, string, number][] = [
    ["an edited entry", "UPDATE audit_entry SET actor_id = 'someone' WHERE resource_name = 'c'", "entry_changed", 3],
    ["an edited value", `UPDATE audit_entry SET after = '{"limit":2}' WHERE resource_name = 'c'`, "entry_changed", 3],
    ["another time", "UPDATE audit_entry SET at = at - interval '1 ms' WHERE resource_name = 'a'", "entry_changed", 1],
    ["a deleted entry", "DELETE FROM audit_entry WHERE resource_name = 'b'", "entry_missing", 2],
    ["a deleted last entry", "DELETE FROM audit_entry WHERE resource_name = 'e'", "entry_missing", 5],
    ["a deleted link", "DELETE FROM audit_seal WHERE sequence = 2", "seal_missing", 3],
    ["a deleted first link", "DELETE FROM audit_seal WHERE sequence = 1", "seal_missing", 2],
    [
      "a deleted end",
      `WITH gone AS (DELETE FROM audit_seal WHERE sequence >= 4 RETURNING entry_id)
       DELETE FROM audit_entry USING gone WHERE id = gone.entry_id`,
      "seal_missing",
      4,
    ],
    [
      "a closed gap",
      `WITH gone AS (DELETE FROM audit_seal WHERE sequence = 5 RETURNING *), moved AS (
         UPDATE audit_seal SET entry_id = gone.entry_id, hash = gone.hash FROM gone WHERE audit_seal.sequence = 4)
       DELETE FROM audit_entry WHERE resource_name = 'd'`,
      "entry_changed",
      4,
    ],
    [
      "two entries in each other's place",
      `UPDATE audit_seal SET entry_id = CASE sequence WHEN 2 THEN (SELECT id FROM audit_entry WHERE resource_name = 'c')
         ELSE (SELECT id FROM audit_entry WHERE resource_name = 'b') END WHERE sequence IN (2, 3)`,
      "entry_changed",
      2,
    ],
    [
      "two links in each other's place",
      "UPDATE audit_seal SET sequence = 100 - sequence WHERE sequence IN (2, 3); " +
        "UPDATE audit_seal SET sequence = sequence - 95 WHERE sequence = 97; " +
        "UPDATE audit_seal SET sequence = 3 WHERE sequence = 98",
      "chain_broken",
      2,
    ],
    ["a changed link", "UPDATE audit_seal SET hash = repeat('f', 64) WHERE sequence = 3", "entry_changed", 3],
    ["another name", "UPDATE audit_personal SET actor_name = 'Eve'", "personal_changed", 1],
    ["another address", "UPDATE audit_personal SET address = NULL", "personal_changed", 1],
  ];

  it.each(tampering)("finds %s", async (_, statement, code, sequence) => {
    await act("a", "b", "c", "d", "e");
    await seal();
    expect((await verify()).valid).toBe(true);
    await withoutUniqueEntries(() => sql(statement));
    expect(await verify()).toMatchObject({ valid: false, firstProblem: { code, sequence } });
    // A sealer that goes on must not heal it.
    await seal({ everything: true });
    expect(await verify()).toMatchObject({ valid: false });
  });

  it("holds when the personal half is destroyed", async () => {
    await act("a", "b");
    await seal();
    await sql("DELETE FROM audit_personal");
    expect((await verify()).valid).toBe(true);
  });

  it("finds a rewritten chain by a head that was noted before", async () => {
    await act("a", "b");
    await seal();
    const { head } = await verify();
    await act("c");
    await seal();
    expect((await verify(head)).valid).toBe(true);
    await sql("DELETE FROM audit_entry WHERE resource_name = 'b'");
    await sql("TRUNCATE audit_seal");
    await sql("DELETE FROM sequence WHERE name = 'audit'");
    await seal({ everything: true });
    expect((await verify()).valid).toBe(true);
    expect(await verify(head)).toMatchObject({ valid: false, firstProblem: { code: "head_missing" } });
  });

  it("may be asked by those who verify only", async () => {
    const developer = actorOf("developer", ["team_1"]);
    const operator = actorOf("operator");
    for (const actor of [developer, operator])
      await expect(verifyAudit(as(actor), {})).rejects.toMatchObject({ code: "permission_denied" });
    const wrong = { head: "abc" };
    await expect(verifyAudit(as(auditor), wrong)).rejects.toMatchObject({ fields: [{ pointer: "/head" }] });
  });
});

describe("listAudit and getAuditEntry", () => {
  const list = (input: Parameters<typeof listAudit>[1], actor: Actor = auditor) => listAudit(as(actor), input);
  const namesOf = async (input: Parameters<typeof listAudit>[1]) =>
    (await list(input)).data.map((entry) => entry.resourceName);

  it("lists newest first with who, from where and what changed", async () => {
    await act("a", "b");
    await seal({ limit: 1 });
    nowMs += 1_000;
    const { data, nextCursor } = await list({});
    expect(nextCursor).toBeNull();
    expect(data.map((entry) => [entry.resourceName, entry.seal?.sequence])).toEqual([
      ["b", undefined],
      ["a", 1],
    ]);
    expect(data[1]).toMatchObject({
      actor: { kind: "user", name: "Ada" },
      address: "192.0.2.1",
      userAgent: "Firefox",
      action: "team.create",
      outcome: "done",
      resource: "team",
      resourceId: "team_a",
      teamId: "team_a",
      requestId: "req_1",
      before: null,
      after: { name: "a", limit: 1 },
    });
    expect(await getAuditEntry(as(auditor), { id: data[1]?.id ?? "" })).toEqual(data[1]);
    await expect(getAuditEntry(as(auditor), { id: "aud_none" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("pages and filters", async () => {
    await act("a", "b", "100%", "c");
    nowMs += 1_000;
    const first = await list({ limit: 3 });
    const second = await list({ limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.data, ...second.data].map((entry) => entry.resourceName)).toEqual(["c", "100%", "b", "a"]);
    expect(second.nextCursor).toBeNull();
    expect(await namesOf({ resourceId: "team_a,team_b" })).toEqual(["b", "a"]);
    expect(await namesOf({ q: "%" })).toEqual(["100%"]);
    expect(await namesOf({ q: "ADA", limit: 1 })).toEqual(["c"]);
    expect(await namesOf({ teamId: "team_c", action: "team.create", outcome: "done", resource: "team" })).toEqual([
      "c",
    ]);
    expect(await namesOf({ outcome: "refused" })).toEqual([]);
    expect(await namesOf({ actorId: "usr_none" })).toEqual([]);
    nowMs += 25 * 3_600_000;
    expect(await namesOf({})).toEqual([]);
    expect(await namesOf({ from: "2026-11-01T00:00:00Z" })).toHaveLength(4);
  });

  it("refuses without permission", async () => {
    const developer = actorOf("developer", ["team_1"]);
    await expect(list({}, developer)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(getAuditEntry(as(developer), { id: "aud_1" })).rejects.toMatchObject({ code: "permission_denied" });
  });
});

/** A superuser can take the index away as well. */
async function withoutUniqueEntries(work: () => Promise<unknown>): Promise<void> {
  await sql("DROP INDEX audit_seal_entry_id_key");
  await work();
  await sql("CREATE UNIQUE INDEX audit_seal_entry_id_key ON audit_seal(entry_id)");
}
