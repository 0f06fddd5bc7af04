import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import packageJson from "../../../package.json" with { type: "json" };
import { BackupRefused, sealed } from "./container.ts";
import { type End, frame, type Manifest } from "./frames.ts";
import { appliedMigrations, columnList, quoted, readTables } from "./tables.ts";

/** Rows are framed by about so many bytes. */
const FRAME_BYTES = 256 * 1024;

/** What was written. */
export interface BackupReport extends End {
  bytes: number;
  manifest: Manifest;
}

/**
 * Writes everything the database holds into an encrypted file, as it was at one moment (one REPEATABLE READ transaction),
 * in bounded memory. The file appears whole or not at all, readable by its owner alone. Secrets of upstreams and the
 * signing key are in it as they are stored: sealed by the master key, which is not in it.
 */
export async function writeBackup(databaseUrl: string, file: string, passphrase: string): Promise<BackupReport> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection fails the statement that is under way; it must not end the program besides.
  client.on("error", () => {});
  await client.connect();
  const unfinished = `${file}.${process.pid}.tmp`;
  const report: BackupReport = { tables: 0, rows: 0, bytes: 0, manifest: EMPTY };
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SELECT set_config('turnpike.scope', 'organisation', true)");
    const output = createWriteStream(unfinished, { mode: 0o600, flags: "wx" });
    await pipeline(
      dump(client, report),
      createZstdCompress(),
      (source: AsyncIterable<Uint8Array>) => sealed(source, passphrase),
      output,
    );
    report.bytes = output.bytesWritten;
    await client.query("COMMIT");
    await flushed(unfinished);
    await rename(unfinished, file);
    return report;
  } finally {
    await client.end().catch(() => {});
    await rm(unfinished, { force: true });
  }
}

const EMPTY: Manifest = {
  format: 1,
  createdAt: "",
  softwareVersion: packageJson.version,
  installation: "",
  epoch: 0,
  revision: 0,
  migrations: [],
  masterKeyId: "",
  usageDays: [],
};

async function flushed(file: string): Promise<void> {
  const handle = await open(file, "r+");
  await handle.sync().finally(() => handle.close());
}

async function* dump(client: pg.Client, report: BackupReport): AsyncGenerator<Buffer> {
  report.manifest = await readManifest(client);
  yield frame("manifest", report.manifest);
  for (const table of await readTables(client)) {
    yield frame("table", table);
    const columns = columnList(table.columns);
    const rows = client.query(copyTo(`COPY (SELECT ${columns} FROM ${quoted(table.name)}) TO STDOUT`));
    yield* framedRows(rows);
    yield frame("tableEnd", { rows: rows.rowCount });
    report.tables++;
    report.rows += rows.rowCount;
  }
  yield frame("end", { tables: report.tables, rows: report.rows });
}

async function* framedRows(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of source) {
    held.push(part);
    length += part.length;
    if (length < FRAME_BYTES) continue;
    yield frame("rows", Buffer.concat(held));
    held = [];
    length = 0;
  }
  if (length > 0) yield frame("rows", Buffer.concat(held));
}

const About = z.object({
  now: z.date(),
  name: z.string(),
  epoch: z.int(),
  revision: z.int(),
  sealed_key: z.instanceof(Uint8Array),
});

async function readManifest(client: pg.Client): Promise<Manifest> {
  const migrations = await appliedMigrations(client);
  const { rows } = migrations.length === 0 ? { rows: [] } : await client.query(ABOUT);
  const about = About.safeParse(rows[0]);
  if (!about.success) throw new BackupRefused("This database holds no installation of Turnpike.");
  const { rows: days } = await client.query(
    `SELECT to_char(to_date(right(c.relname, 10), 'YYYY_MM_DD'), 'YYYY-MM-DD') AS day
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'usage_event'::regclass AND c.relname ~ '^usage_event_\\d{4}_\\d{2}_\\d{2}$' ORDER BY 1`,
  );
  const { now, name, epoch, revision, sealed_key } = about.data;
  return {
    ...EMPTY,
    createdAt: now.toISOString(),
    installation: name,
    epoch,
    revision,
    migrations,
    masterKeyId: keyIdOf(sealed_key),
    usageDays: z
      .array(z.object({ day: z.iso.date() }))
      .parse(days)
      .map(({ day }) => day),
  };
}

const ABOUT = `SELECT now() AS now, i.name, i.epoch, coalesce((SELECT max(number) FROM revision), 0) AS revision,
  (SELECT sealed_key FROM signing_key ORDER BY id LIMIT 1) AS sealed_key FROM installation i`;

/** Which master key sealed a value: `lib/crypto/seal.ts` writes its id behind the format's byte. */
function keyIdOf(sealedValue: Uint8Array): string {
  return Buffer.from(sealedValue.subarray(1, 9)).toString("hex");
}
