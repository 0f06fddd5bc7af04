import type pg from "pg";
import { type CopyStreamQuery, from as copyFrom } from "pg-copy-streams";
import { z } from "zod";
import { BackupRefused } from "./container.ts";
import type { Manifest } from "./frames.ts";
import { type Restored, raiseEpoch } from "./raise-epoch.ts";
import { readBackup } from "./read.ts";
import { columnList, quoted, readTables } from "./tables.ts";

/** What a database is, as far as restoring goes. */
export interface TargetState {
  /** It has no row of ours. */
  isEmpty: boolean;
  migrations: string[];
  /** Of the installation that is there; 0 without one. */
  epoch: number;
}

const Existence = z.tuple([z.object({ is_there: z.boolean() })]);

/** Whether a database, whose migrations are known, holds anything. */
export async function inspectTarget(client: pg.Client, migrations: string[]): Promise<TargetState> {
  await client.query("SELECT set_config('turnpike.scope', 'organisation', false)");
  let isEmpty = true;
  for (const { name } of await readTables(client)) {
    // What migrations themselves put in is no data: a fresh database has counters and a default group.
    const { rows } = await client.query(`SELECT EXISTS (SELECT FROM ${quoted(name)}) AS is_there`);
    if (Existence.parse(rows)[0].is_there && !SEEDED_BY_MIGRATIONS.has(name)) isEmpty = false;
  }
  const { rows } = migrations.length === 0 ? { rows: [] } : await client.query("SELECT epoch FROM installation");
  const epoch = z.array(z.object({ epoch: z.int() })).parse(rows)[0]?.epoch ?? 0;
  return { isEmpty, migrations, epoch };
}

const SEEDED_BY_MIGRATIONS: ReadonlySet<string> = new Set(["sequence", "node_group"]);

/**
 * Fills a database, whose schema is that of the backup, in one transaction: what was in it goes, what the backup holds comes,
 * everybody is signed out, and the epoch rises above both. Nothing is changed where anything is wrong.
 */
export async function loadBackup(
  client: pg.Client,
  file: string,
  passphrase: string,
  { epochBefore, now }: { epochBefore: number; now: Date },
): Promise<Restored & { rows: number }> {
  await client.query("BEGIN");
  try {
    await client.query("SELECT set_config('turnpike.scope', 'organisation', true)");
    const present = new Map((await readTables(client)).map(({ name, columns }) => [name, columns]));
    const names = [...present.keys()].map(quoted);
    await client.query(`TRUNCATE ${names.join(", ")} CASCADE`);
    // COPY does not go where rows are guarded by policies; the owner may lift them from itself until the commit.
    const guarded = (await guardedTables(client)).map(quoted);
    for (const name of guarded) await client.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
    for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    const loading = new Loading(client, present);
    const { rows } = await readBackup(file, passphrase, loading);
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    for (const name of guarded) await client.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
    await moveCounters(client);
    await client.query("UPDATE session SET revoked_at = $1 WHERE revoked_at IS NULL", [now]);
    const restored = await raiseEpoch(client, epochBefore, now);
    await client.query("COMMIT");
    for (const name of names) await client.query(`ANALYZE ${name}`);
    return { ...restored, rows };
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function guardedTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity",
  );
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}

/** Writes tables as they are read. */
class Loading {
  private readonly client: pg.Client;
  private readonly present: ReadonlyMap<string, string[]>;
  private copy: CopyStreamQuery | null = null;
  private failure: Error | null = null;
  private wake = (): void => {};

  constructor(client: pg.Client, present: ReadonlyMap<string, string[]>) {
    this.client = client;
    this.present = present;
  }

  async manifest({ usageDays }: Manifest): Promise<void> {
    for (const day of usageDays) await this.client.query("SELECT turnpike_create_usage_days($1, $1)", [day]);
  }

  async table({ name, columns }: { name: string; columns: string[] }): Promise<void> {
    const known = this.present.get(name);
    if (!known || !columns.every((column) => known.includes(column)))
      throw new BackupRefused(`The backup has the table ${name}, which does not fit this database.`);
    const copy = this.client.query(copyFrom(`COPY ${quoted(name)} (${columnList(columns)}) FROM STDIN`));
    copy.on("drain", () => this.wake());
    copy.on("error", (error) => {
      this.failure = error;
      this.wake();
    });
    this.copy = copy;
  }

  async rows(bytes: Buffer): Promise<void> {
    const { copy } = this;
    if (!copy) throw new BackupRefused("The backup has rows of no table.");
    if (this.failure === null && !copy.write(bytes)) await this.woken();
    if (this.failure) throw this.failure;
  }

  async tableEnd(rows: number): Promise<void> {
    const { copy } = this;
    if (!copy) throw new BackupRefused("The backup ends a table that it did not begin.");
    this.copy = null;
    copy.once("finish", () => this.wake());
    copy.end();
    while (this.failure === null && !copy.writableFinished) await this.woken();
    if (this.failure) throw this.failure;
    if (copy.rowCount !== rows) throw new BackupRefused("A table has other rows than the backup says.");
  }

  /** Waits until the copy takes more, is done, or has failed, which a lost connection is too. */
  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

/** Serial columns go on after what is there. */
async function moveCounters(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT s.oid::regclass::text AS sequence, t.oid::regclass::text AS "table", quote_ident(a.attname) AS "column"
     FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
     JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace`,
  );
  const Serial = z.object({ sequence: z.string(), table: z.string(), column: z.string() });
  for (const { sequence, table, column } of z.array(Serial).parse(rows)) {
    const next = `(SELECT coalesce(max(${column}), 0) + 1 FROM ${table})`;
    await client.query(`SELECT setval($1::regclass, ${next}, false)`, [sequence]);
  }
}
