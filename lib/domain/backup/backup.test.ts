import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { PublicJwk } from "#lib/contract/node-protocol.ts";
import { masterKeyBytes, unseal } from "#lib/crypto/seal.ts";
import { verifyJson } from "#lib/crypto/signing.ts";
import { sealAudit, verifyAudit } from "#lib/domain/audit/index.ts";
import { systemContext } from "#lib/domain/context.ts";
import { signedRevision } from "#lib/domain/revision/signed-revision.ts";
import { bootstrapInstallation } from "#lib/domain/setup/bootstrap.ts";
import { inTransaction } from "#lib/domain/transaction.ts";
import { env } from "#lib/env.ts";
import { seedDemo } from "#prisma/seed/demo/index.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { knownMigrations, migrateTo } from "#scripts/db/migrate-to.ts";
import { type RestoreOrder, readBackup, restoreBackup, writeBackup } from "./index.ts";
import { readTables } from "./tables.ts";

const NOW = new Date("2026-11-24T12:34:56.000Z");
const PASSPHRASE = "correct horse battery staple";
const SETUP = {
  adminEmail: undefined,
  adminPassword: "turnpike-test-password",
  bootstrapToken: undefined,
  demoUpstreamUrl: "http://127.0.0.1:9",
  joinTokens: 0,
};

let source: TestDatabase;
let folder: string;
let file: string;
const made: TestDatabase[] = [];

beforeAll(async () => {
  stubControlEnvironment();
  folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-backup-"));
  file = path.join(folder, "all.backup");
  source = await fresh();
  await bootstrapInstallation(source.database, SETUP);
  await seedDemo(source.database, NOW, { days: 4, rawDays: 1, hourDays: 2, volume: 0.06 });
  await sealAudit(systemContext(source.database, "seal"), { everything: true, limit: 5_000 });
  await writeBackup(source.url, file, PASSPHRASE);
}, 180_000);
afterAll(async () => {
  for (const each of made) await each.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function fresh(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  made.push(database);
  return database;
}

function order(target: TestDatabase, change: Partial<RestoreOrder> = {}): RestoreOrder {
  return {
    databaseUrl: target.url,
    file,
    passphrase: PASSPHRASE,
    masterKey: masterKeyBytes(env().TURNPIKE_MASTER_KEY),
    isForced: false,
    now: NOW,
    known: knownMigrations(),
    migrate: async (names) => void (names ? await migrateTo(target.url, names) : await migrate(target.url)),
    say: () => {},
    ...change,
  };
}

/** A hash of everything in each table. */
async function contents({ owner }: TestDatabase): Promise<Record<string, string>> {
  const client = await owner.connect();
  try {
    const hashes: Record<string, string> = {};
    await client.query("SELECT set_config('turnpike.scope', 'organisation', false)");
    for (const { name, columns } of await readTables(client)) {
      const row = columns.map((column) => `t."${column}"`).join(", ");
      const { rows } = await client.query(
        `SELECT count(*)::text || ' ' || coalesce(md5(string_agg(md5(ROW(${row})::text), '' ORDER BY md5(ROW(${row})::text))), '') AS hash
         FROM "${name}" t`,
      );
      hashes[name] = rows[0].hash;
    }
    return hashes;
  } finally {
    client.release();
  }
}

const one = async ({ owner }: TestDatabase, sql: string) => (await owner.query(sql)).rows[0];

// Restoring migrates and loads whole databases.
describe("a backup", { timeout: 180_000 }, () => {
  it("is restored into an empty database table by table, with its chain and its secrets", async () => {
    const target = await fresh();
    const { epoch, revision } = await restoreBackup(order(target));
    const [before, after] = [await contents(source), await contents(target)];
    expect(Object.keys(after)).toEqual(Object.keys(before));
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    // The epoch, and what the audit says of it.
    expect(changed.toSorted()).toEqual(["audit_entry", "audit_personal", "installation"]);
    expect(Number(before.usage_event?.split(" ")[0])).toBeGreaterThan(500);
    const counts =
      "SELECT (SELECT count(*)::int FROM audit_entry) AS entries, (SELECT count(*)::int FROM revision) AS revisions";
    const [was, is] = [await one(source, counts), await one(target, counts)];
    expect(is).toEqual({ entries: was.entries + 1, revisions: was.revisions });
    expect(epoch).toBeGreaterThan(200_000_000);
    const context = systemContext(target.database, "verify");
    await sealAudit(context, { everything: true, limit: 5_000 });
    expect(await verifyAudit(context, {})).toMatchObject({ valid: true });
    const credential = await one(target, "SELECT id, sealed_secret FROM credential LIMIT 1");
    const key = masterKeyBytes(env().TURNPIKE_MASTER_KEY);
    expect(unseal(key, credential.sealed_secret, ["credential", credential.id])).not.toBe("");
    expect(revision).toBe(was.revisions);
  });

  it("gives nodes its policy under a later epoch, signed for it, and is an installation that goes on", async () => {
    const target = await fresh();
    await source.owner.query("UPDATE node SET rejected_revisions = '{1}'");
    const { epoch, revision } = await restoreBackup(order(target));
    expect(await one(target, "SELECT bool_and(rejected_revisions = '{}') AS none FROM node")).toEqual({ none: true });
    const context = systemContext(target.database, "sign");
    const signed = await inTransaction(context, async (tx) => {
      const row = await tx.revision.findUniqueOrThrow({ where: { number: revision } });
      return signedRevision({ ...context, tx }, row, epoch);
    });
    expect(signed.header).toMatchObject({ epoch, number: revision });
    const { public_key } = await one(target, "SELECT public_key FROM signing_key");
    expect(verifyJson(PublicJwk.parse(public_key), signed.header, signed.signature)).toBe(true);
    expect(await bootstrapInstallation(target.database, SETUP)).toMatchObject({ adminPassword: null });
    const series = await one(
      target,
      "SELECT nextval(pg_get_serial_sequence('usage_series', 'id')) > max(id) AS ok FROM usage_series",
    );
    expect(series).toEqual({ ok: true });
  });

  it("replaces what is there only when forced, and its epoch rises above both", async () => {
    const target = await fresh();
    await bootstrapInstallation(target.database, SETUP);
    await target.owner.query("UPDATE installation SET epoch = 2000000000");
    await expect(restoreBackup(order(target))).rejects.toThrow("not empty");
    expect(await restoreBackup(order(target, { isForced: true }))).toMatchObject({ epoch: 2_000_000_001 });
    const guarded = await one(target, "SELECT count(*)::int AS n FROM pg_class WHERE relforcerowsecurity");
    expect(guarded).toEqual(await one(source, "SELECT count(*)::int AS n FROM pg_class WHERE relforcerowsecurity"));
  });

  it("refuses what is wrong before it touches anything", async () => {
    const target = await fresh();
    await bootstrapInstallation(target.database, SETUP);
    const before = await contents(target);
    const bytes = readFileSync(file);
    const damaged = path.join(folder, "damaged.backup");
    const refusals: [Partial<RestoreOrder>, () => void, string][] = [
      [{ passphrase: "wrong passphrase" }, () => {}, "The passphrase is wrong"],
      [{ masterKey: Buffer.alloc(32, 1) }, () => {}, "another master key"],
      [{ known: knownMigrations().slice(0, 3) }, () => {}, "newer version"],
      [{ file: damaged }, () => writeFileSync(damaged, bytes.subarray(0, bytes.length - 1)), "damaged or cut off"],
      [
        { file: damaged },
        () => {
          const flipped = Buffer.from(bytes);
          flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
          writeFileSync(damaged, flipped);
        },
        "damaged or cut off",
      ],
      [{ file: damaged }, () => writeFileSync(damaged, "hello"), "not a backup"],
    ];
    for (const [change, prepare, words] of refusals) {
      prepare();
      await expect(restoreBackup(order(target, { isForced: true, ...change }))).rejects.toThrow(words);
    }
    expect(await contents(target)).toEqual(before);
  });

  it("changes nothing where loading fails half-way", async () => {
    const target = await fresh();
    await bootstrapInstallation(target.database, SETUP);
    const before = await contents(target);
    // Among the last tables, so that most of the work is done when it fails.
    await target.owner.query("ALTER TABLE usage_rollup ADD CONSTRAINT impossible CHECK (requests < 0) NOT VALID");
    await expect(restoreBackup(order(target, { isForced: true }))).rejects.toThrow("impossible");
    expect(await contents(target)).toEqual(before);
  });

  it("loads an older schema and migrates it", async () => {
    const older = await fresh();
    const names = knownMigrations();
    const [last] = names.slice(-1);
    await older.owner.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    await migrateTo(older.url, names.slice(0, -1));
    const { owner } = source;
    const key = (await owner.query("SELECT public_key, sealed_key FROM signing_key")).rows[0];
    await older.owner.query("INSERT INTO installation (id, name) VALUES (1, 'Old')");
    await older.owner.query("INSERT INTO signing_key (id, public_key, sealed_key) VALUES ('control', $1, $2)", [
      key.public_key,
      key.sealed_key,
    ]);
    const oldFile = path.join(folder, "old.backup");
    await writeBackup(older.url, oldFile, PASSPHRASE);
    expect((await readBackup(oldFile, PASSPHRASE)).migrations).not.toContain(last);
    const target = await fresh();
    await restoreBackup(order(target, { file: oldFile }));
    expect(await one(target, "SELECT name, epoch > 1 AS risen FROM installation")).toEqual({
      name: "Old",
      risen: true,
    });
    const applied = await one(target, "SELECT count(*)::int AS n FROM _prisma_migrations");
    expect(applied).toEqual({ n: names.length });
  });

  it("is readable by its owner alone, says nothing in the clear, and is made whole or not at all", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(file);
    expect(bytes.includes("usage_event")).toBe(false);
    const empty = await fresh();
    const target = path.join(folder, "none.backup");
    await expect(writeBackup(empty.url, target, PASSPHRASE)).rejects.toThrow("no installation");
    expect(() => statSync(target)).toThrow();
  });
});
