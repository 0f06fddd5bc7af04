// `npm run migrate`: brings the database of DATABASE_URL up to this release and makes the first admin where there is
// none. Once before the control planes of a release start, which then run with `--no-migrate`. Safe to repeat.

import { readControlEnv } from "#scripts/control-env.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { checkDatabase } from "#scripts/start/database.ts";
import { makeFirstAdmin } from "#scripts/start/first-admin.ts";
import { failPlainly } from "#scripts/terminal.ts";

// As the first process of a container nothing ends us unless we say so. A migration applies entirely or not at all.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));

async function run(): Promise<void> {
  const env = readControlEnv();
  await checkDatabase(env.DATABASE_URL);
  const applied = await migrate(env.DATABASE_URL);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
  await makeFirstAdmin();
}

run().then(() => process.exit(0), failPlainly);
