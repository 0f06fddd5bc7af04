// `npm run console`: the control plane and console alone, for production. The console must have been built
// (`npm start` does it, or `next build`), the database migrated, and the environment complete.

import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import path from "node:path";
import next from "next";
import { type ControlEnv, parseControlEnv } from "#lib/env.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { ambientEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import type { InstallationOrder } from "#scripts/start/installation.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

/** Shorter than what the supervisor allows before it kills. */
const STOP_GRACE_MS = 1_500;

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
  await listen(env);
}

/** Serves Next behind a listener of ours, which alone knows who is really calling. */
async function listen(env: ControlEnv): Promise<void> {
  const app = next({ dev: false, dir: projectRoot, hostname: env.HOST, port: env.PORT });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    if (env.TURNPIKE_TRUST_PROXY !== "1") nameRealCaller(request);
    void handle(request, response);
  });
  server.once("error", failPlainly);
  server.listen(env.PORT, env.HOST, () => console.log(`The console listens on ${env.HOST}:${env.PORT}`));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop(server));
}

/** What a caller says of itself in forwarding headers would reach the audit and the sign-in bound as its address. */
function nameRealCaller(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (name === "forwarded" || name.startsWith("x-forwarded-")) delete request.headers[name];
  }
  request.headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
}

/** Lets running requests end; node streams and idle connections are cut. */
function stop(server: Server): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), STOP_GRACE_MS).unref();
}

// In a process of its own: what it opens and knows is gone before requests are served.
async function makeFirstAdmin(): Promise<void> {
  const order: InstallationOrder = { demoUpstreamUrl: null, joinTokens: 0 };
  const { adminEmail, adminPassword } = await runInstallation(order, {});
  if (adminPassword) console.log(`Sign in with ${adminEmail} and the password ${adminPassword} (shown this once).`);
}

function readEnv(): ControlEnv {
  try {
    return parseControlEnv(ambientEnv());
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error));
  }
}
