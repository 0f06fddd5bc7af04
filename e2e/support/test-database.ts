// A database of its own for a test file: a clone of the migrated template that the test run has made.

import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "#lib/db/client.ts";

export interface TestDatabase {
  /** As the programs see it: the app role, row-level security in force. */
  database: Database;
  /** As its owner, for looking behind the scenes. */
  owner: pg.Pool;
  url: string;
  /** Closes every connection and drops the database. */
  remove(): Promise<void>;
}

/** Makes an empty, migrated database. */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const template = new URL(inject("templateDatabaseUrl"));
  const templateName = template.pathname.slice(1);
  const name = `test_${randomBytes(6).toString("hex")}`;
  const url = withDatabase(template, name);
  const server = withDatabase(template, "postgres");
  await asAdmin(server, `CREATE DATABASE "${name}" TEMPLATE "${templateName}"`);
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  const database = openDatabase(url, poolSize);
  const remove = async () => {
    await database.$disconnect();
    await owner.end();
    await asAdmin(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  };
  return { database, owner, url, remove };
}

function withDatabase(url: URL, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
