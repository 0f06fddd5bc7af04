// A database of its own for a test file, on the server that DATABASE_URL names, with every migration applied.

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { env } from "#lib/env.ts";
import { projectRoot } from "#scripts/project-root.ts";

export interface TestDatabase {
  /** As the programs see it: the app role, row-level security in force. */
  database: Database;
  /** As its owner, for looking behind the scenes. */
  owner: pg.Pool;
  url: string;
  /** Closes every connection and drops the database. */
  remove(): Promise<void>;
}

/** Makes an empty, migrated database. The environment must be complete, as for the control plane itself. */
export async function createTestDatabase(poolSize = 10): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  const server = env().DATABASE_URL;
  const url = withDatabase(server, name);
  await asAdmin(server, `CREATE DATABASE ${name}`);
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  for (const sql of migrations()) await owner.query(sql);
  const database = openDatabase(url, poolSize);
  const remove = async () => {
    await database.$disconnect();
    await owner.end();
    await asAdmin(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { database, owner, url, remove };
}

function migrations(): string[] {
  const folder = path.join(projectRoot, "prisma/migrations");
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => readFileSync(path.join(folder, name, "migration.sql"), "utf8"));
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function asAdmin(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
