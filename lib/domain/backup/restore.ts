import pg from "pg";
import { masterKeyId } from "../../crypto/seal.ts";
import { BackupRefused } from "./container.ts";
import type { Manifest } from "./frames.ts";
import { inspectTarget, loadBackup } from "./load.ts";
import { readBackup } from "./read.ts";
import { recordRestore } from "./record.ts";
import { appliedMigrations } from "./tables.ts";

/** What restoring needs of whoever has the migrations. */
interface Migrating {
  /** Names of the migrations of this version, in order. */
  known: readonly string[];
  /** Brings a database to these migrations, in order; with none named, to all. */
  migrate(names?: readonly string[]): Promise<void>;
}

export interface RestoreOrder extends Migrating {
  databaseUrl: string;
  file: string;
  passphrase: string;
  masterKey: Buffer;
  /** Replaces what the database holds. */
  isForced: boolean;
  now: Date;
  /** Told what is under way. */
  say(line: string): void;
}

/** What came of it. */
export interface RestoreReport {
  manifest: Manifest;
  rows: number;
  epoch: number;
  revision: number;
}

/**
 * Restores a backup. The whole file is proved before anything is touched: a wrong passphrase, a wrong master key, a flipped
 * bit, a missing end, or a newer schema is refused with the database as it was. An older one is loaded into its own schema
 * and then migrated.
 */
export async function restoreBackup(order: RestoreOrder): Promise<RestoreReport> {
  const { file, passphrase, masterKey, known, say, now } = order;
  const manifest = await readBackup(file, passphrase);
  if (masterKeyId(masterKey).toString("hex") !== manifest.masterKeyId)
    throw new BackupRefused(
      "The secrets in this backup are sealed with another master key. Set TURNPIKE_MASTER_KEY to the one of the installation it was made of.",
    );
  const foreign = manifest.migrations.filter((name) => !known.includes(name));
  if (foreign.length > 0)
    throw new BackupRefused(
      `The backup was made by a newer version of Turnpike (${manifest.softwareVersion}): restore it with that one.`,
    );
  say(`The backup of ${manifest.createdAt} is whole: ${manifest.rows} rows in ${manifest.tables} tables.`);
  const epochBefore = await prepareTarget(order, manifest.migrations);
  const client = await connected(order.databaseUrl);
  try {
    const loaded = await loadBackup(client, file, passphrase, { epochBefore, now });
    await order.migrate();
    const { epoch, revision, rows } = loaded;
    await recordRestore(order.databaseUrl, { createdAt: manifest.createdAt, rows, epoch, revision });
    const { tables: _tables, rows: _rows, ...rest } = manifest;
    return { manifest: rest, rows, epoch, revision };
  } finally {
    await client.end().catch(() => {});
  }
}

/** Brings a database to the backup's schema, and returns the epoch of what it held. Refuses to lose data unasked. */
async function prepareTarget(order: RestoreOrder, wanted: readonly string[]): Promise<number> {
  const client = await connected(order.databaseUrl);
  try {
    await refuseWhileUsed(client);
    const { isEmpty, migrations, epoch } = await inspectTarget(client, await appliedMigrations(client));
    if (!isEmpty && !order.isForced)
      throw new BackupRefused(
        "The database is not empty. Restore into an empty one, or replace what is there with --force.",
      );
    if (migrations.join() === wanted.join()) return epoch;
    if (!isEmpty)
      throw new BackupRefused(
        "The database has data under another schema than the backup's: restore into an empty database instead.",
      );
    if (migrations.length > 0) await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  } finally {
    await client.end().catch(() => {});
  }
  await order.migrate(wanted);
  return 0;
}

/** A control plane that goes on would serve from what it remembers: it listens for changes as long as it runs. */
async function refuseWhileUsed(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~* '^\\s*listen\\M'`,
  );
  if (rowCount) throw new BackupRefused("A control plane still works on this database. Stop it, and restore then.");
}

async function connected(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection fails the statement that is under way; it must not end the program besides.
  client.on("error", () => {});
  await client.connect();
  return client;
}
