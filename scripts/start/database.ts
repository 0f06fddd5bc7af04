import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { PlainError } from "#scripts/terminal.ts";

/** Starts the embedded database of a data directory; its restarts are said. */
export function openEmbeddedDatabase(homeDir: string, say: (line: string) => void): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    homeDir,
    onEvent: (event) =>
      say(
        event === "restarting"
          ? "PostgreSQL ended unexpectedly; starting it again."
          : "PostgreSQL has been started again.",
      ),
  });
}

/** Checks that the database of DATABASE_URL answers. Throws one sentence, without the password, where it does not. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    throw new PlainError(
      `The database ${pathname.slice(1)} at ${host} (DATABASE_URL) cannot be reached: ${reasonOf(error)}.`,
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** Why a connection failed, as one sentence's end; every reason where several addresses were tried. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
