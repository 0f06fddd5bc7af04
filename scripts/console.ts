// `npm run console`: the control plane and console alone, for production. The console must have been built
// (`npm start` does it, or `next build`), the database migrated, and the environment complete.

import { existsSync } from "node:fs";
import path from "node:path";
import { parseControlEnv } from "#lib/env.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { ambientEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import type { InstallationOrder } from "#scripts/start/installation.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

try {
  await serveConsole();
} catch (error) {
  failPlainly(error);
}

async function serveConsole(): Promise<void> {
  const env = readEnv();
  if (!existsSync(path.join(projectRoot, ".next/BUILD_ID"))) {
    throw new PlainError("The console has not been built: run `npm start`, or `npm run build`.");
  }
  // `npm start` has done both, and tells the person at its terminal; our output is its log.
  if (!process.argv.includes("--supervised")) {
    await migrate(env.DATABASE_URL);
    await makeFirstAdmin();
  }
  // Next's own command line, in this process: it handles SIGTERM by finishing what is running.
  process.argv.splice(2, Infinity, "start", "--port", String(env.PORT), "--hostname", env.HOST);
  await import("next/dist/bin/next");
}

// In a process of its own: what it opens and knows is gone before requests are served.
async function makeFirstAdmin(): Promise<void> {
  const order: InstallationOrder = { demoUpstreamUrl: null, needsJoinToken: false };
  const { adminEmail, adminPassword } = await runInstallation(order, {});
  if (adminPassword) console.log(`Sign in with ${adminEmail} and the password ${adminPassword} (shown this once).`);
}

function readEnv() {
  try {
    return parseControlEnv(ambientEnv());
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
