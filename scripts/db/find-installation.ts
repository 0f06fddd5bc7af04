import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { ambientEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

/**
 * The environment that reaches an installation that runs: DATABASE_URL with its master key as given, else the embedded
 * database of the data directory. Throws one sentence where neither answers.
 */
export async function findInstallation(): Promise<Record<string, string>> {
  const given = ambientEnv();
  // Nothing that asks here opens a session, and the control plane's environment is checked as a whole.
  const session = given.NEXTAUTH_SECRET ?? randomBytes(32).toString("base64");
  if (given.DATABASE_URL !== undefined) return { NEXTAUTH_SECRET: session };
  const homeDir = path.resolve(projectRoot, given.TURNPIKE_HOME ?? ".turnpike");
  const [port, password, masterKey] = ["postgres.port", "postgres.password", "master.key"].map((name) =>
    readIfThere(path.join(homeDir, name)),
  );
  const key = given.TURNPIKE_MASTER_KEY ?? masterKey;
  const url = `postgresql://turnpike:${encodeURIComponent(password ?? "")}@127.0.0.1:${port}/turnpike`;
  if (!port || !password || !key || !(await answers(url)))
    throw new PlainError(
      `The embedded database of ${homeDir} does not run: start Turnpike with \`npm start\` in another terminal, or set DATABASE_URL.`,
    );
  return { DATABASE_URL: url, TURNPIKE_MASTER_KEY: key, NEXTAUTH_SECRET: session };
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
