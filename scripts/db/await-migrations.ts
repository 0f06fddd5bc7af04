import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readMigrations } from "#scripts/db/schema-engine.ts";
import { reasonOf } from "#scripts/start/database.ts";
import { PlainError } from "#scripts/terminal.ts";

const LOOK_EVERY_MS = 1_000;

/**
 * Waits until the database has every migration of this release. One of a newer release has more: migrations only expand,
 * so that this release still works there while the newer one takes over. Returns the names of those that are not ours.
 * Throws a PlainError that says what is missing when the time is up.
 */
export async function awaitMigrations(databaseUrl: string, waitMaxMs: number): Promise<string[]> {
  const ours = readMigrations().migrationDirectories.map(({ path }) => path);
  const deadline = performance.now() + waitMaxMs;
  for (;;) {
    const seen = await appliedMigrations(databaseUrl).catch((error: unknown) => reasonOf(error));
    const missing = typeof seen === "string" ? [] : ours.filter((name) => !seen.includes(name));
    if (typeof seen !== "string" && missing.length === 0) return seen.filter((name) => !ours.includes(name));
    if (performance.now() > deadline) {
      throw new PlainError(
        typeof seen === "string"
          ? `The database of DATABASE_URL cannot be read: ${seen}.`
          : `The database lacks ${missing.join(", ")}: run \`npm run migrate\` with this release first.`,
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function appliedMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    return rows.map((row) => row.migration_name);
  } catch (error) {
    // A database that nobody has migrated yet has no such table.
    if (error instanceof pg.DatabaseError && error.code === "42P01") return [];
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}
