// One PostgreSQL for a run of the tests, with a migrated template that each test file's database is cloned from.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { generateClient } from "#scripts/db/generate.ts";
import { migrate } from "#scripts/db/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the template database, as its owner; nobody may stay connected to it. */
    templateDatabaseUrl: string;
  }
}

/** Called by vitest before the first test; what it returns is called after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await generateClient();
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-test-"));
  const postgres = await startEmbeddedPostgres({ homeDir, isThrowAway: true });
  await migrate(postgres.url);
  await forbidConnections(postgres.url);
  project.provide("templateDatabaseUrl", postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(homeDir, { recursive: true, force: true });
  };
}

// Cloning refuses while anybody is connected to the template; a pool that closes late must not be able to.
async function forbidConnections(templateUrl: string): Promise<void> {
  const url = new URL(templateUrl);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query("alter database turnpike with allow_connections false is_template true");
  await client.end();
}
