import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { findInstallation } from "#scripts/db/find-installation.ts";
import { ambientEnv } from "#scripts/env.ts";
import { openHome, writePrivate } from "#scripts/home-files.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { lockHome } from "#scripts/start/home-lock.ts";
import { PlainError } from "#scripts/terminal.ts";

/** The database of an installation, for what works on it without a control plane. */
export interface InstallationDatabase {
  databaseUrl: string;
  /** In base64, as it is given; null where nobody has it. */
  masterKey: string | null;
  /** Keeps a master key that was given where the next start finds it. */
  keepMasterKey(): void;
  close(): Promise<void>;
}

/**
 * Opens the database of DATABASE_URL, or the embedded one of TURNPIKE_HOME, which is started for as long as it is needed
 * where it does not run. `alone`: for work that nothing else may stand in; then a Turnpike that runs there is refused.
 */
export async function openInstallation({ isAlone }: { isAlone: boolean }): Promise<InstallationDatabase> {
  const given = ambientEnv();
  const databaseUrl = given.DATABASE_URL;
  if (databaseUrl !== undefined) {
    const masterKey = given.TURNPIKE_MASTER_KEY ?? null;
    return { databaseUrl, masterKey, keepMasterKey: () => {}, close: async () => {} };
  }
  const homeDir = path.resolve(projectRoot, given.TURNPIKE_HOME ?? ".turnpike");
  if (!isAlone) {
    const found = await findInstallation().catch(() => null);
    if (found?.DATABASE_URL)
      return {
        databaseUrl: found.DATABASE_URL,
        masterKey: found.TURNPIKE_MASTER_KEY ?? null,
        keepMasterKey: () => {},
        close: async () => {},
      };
    if (!existsSync(path.join(homeDir, "postgres")))
      throw new PlainError(`There is no installation in ${homeDir}: set TURNPIKE_HOME or DATABASE_URL.`);
  }
  return openEmbedded(homeDir, given.TURNPIKE_MASTER_KEY);
}

async function openEmbedded(homeDir: string, givenKey: string | undefined): Promise<InstallationDatabase> {
  openHome(homeDir);
  const release = lockHome(homeDir);
  try {
    const keyFile = path.join(homeDir, "master.key");
    const kept = existsSync(keyFile) ? readFileSync(keyFile, "utf8").trim() : undefined;
    const postgres = await startEmbeddedPostgres({ homeDir });
    return {
      databaseUrl: postgres.url,
      masterKey: givenKey ?? kept ?? null,
      keepMasterKey: () => {
        if (givenKey !== undefined && kept === undefined) writePrivate(keyFile, `${givenKey}\n`);
      },
      async close() {
        await postgres.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
