import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrate } from "#scripts/db/migrate.ts";
import { readMigrations } from "#scripts/db/schema-engine.ts";
import { projectRoot } from "#scripts/project-root.ts";

const migrationsFolder = path.join(projectRoot, "prisma/migrations");

/** Names of the migrations of this version, in order. */
export function knownMigrations(): string[] {
  return readMigrations().migrationDirectories.map((each) => each.path);
}

/** Brings a database that has none, or some, of these migrations to exactly these: the schema of an older version. */
export async function migrateTo(databaseUrl: string, names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-migrations-"));
  try {
    for (const name of ["migration_lock.toml", ...names])
      cpSync(path.join(migrationsFolder, name), path.join(folder, name), { recursive: true });
    await migrate(databaseUrl, { migrationsFolder: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
