import pg from "pg";
import { openSchemaEngine, readMigrations, readSchema, wholeDatabase } from "#scripts/db/schema-engine.ts";
import { PlainError } from "#scripts/terminal.ts";

// Any constant that nobody else uses: control planes that start together migrate one after the other.
const migrationLockKey = 7_185_203_311;

/** Where the schema and its migrations lie; the repository's own unless a test says otherwise. */
export interface MigrationSource {
  schemaFile?: string;
  migrationsFolder?: string;
}

/**
 * Applies the migrations that the database has not seen, in order, and returns their names. Safe to run from several
 * processes at once. A database that ran a migration which this version does not have, or another text of one, is
 * refused with a sentence: it belongs to another version.
 */
export async function migrate(databaseUrl: string, source: MigrationSource = {}): Promise<string[]> {
  const migrationsList = readMigrations(source.migrationsFolder);
  const lock = new pg.Client({ connectionString: databaseUrl });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [migrationLockKey]);
    const engine = await openSchemaEngine(pool, readSchema(source.schemaFile));
    try {
      const filters = wholeDatabase;
      const state = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
      refuseForeignHistory(state);
      return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
    await lock.end();
  }
}

interface History {
  editedMigrationNames: string[];
  failedMigrationNames: string[];
  history: { diagnostic: string; unpersistedMigrationNames?: string[] } | null;
}

function refuseForeignHistory({ editedMigrationNames, failedMigrationNames, history }: History): void {
  const refuse = (names: string[], reason: string) => {
    if (names.length > 0) throw new PlainError(`The database cannot be migrated: ${names.join(", ")} ${reason}.`);
  };
  refuse(failedMigrationNames, "failed half-way and has to be resolved by hand (prisma migrate resolve)");
  refuse(editedMigrationNames, "was applied with another text than this version has");
  refuse(history?.unpersistedMigrationNames ?? [], "was applied by a newer version of Turnpike");
}
