// `npm run console`: the control plane and console alone, for production. The console must have been built
// (`npm run build`), and the environment be complete. It migrates the database itself, unless it is told `--no-migrate`:
// then `npm run migrate` has done so, and this release may run beside a newer one on the same database.

import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import path from "node:path";
import next from "next";
import type { ControlEnv } from "#lib/env.ts";
import { answersHealth, createDatabaseProbe } from "#scripts/console-health.ts";
import { readControlEnv } from "#scripts/control-env.ts";
import { awaitMigrations } from "#scripts/db/await-migrations.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { makeFirstAdmin } from "#scripts/start/first-admin.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";

/** Shorter than what the supervisor allows before it kills. */
const STOP_GRACE_MS = 1_500;
/** How long `--no-migrate` waits for whoever migrates. */
const MIGRATED_MAX_MS = 120_000;

let running: Server | null = null;
// From the first moment on: as the first process of a container nothing else ends us.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);

try {
  await serveConsole();
} catch (error) {
  failPlainly(error);
}

async function serveConsole(): Promise<void> {
  const env = readControlEnv();
  if (!existsSync(path.join(projectRoot, ".next/BUILD_ID"))) {
    throw new PlainError("The console has not been built: run `npm start`, or `npm run build`.");
  }
  if (process.argv.includes("--no-migrate")) {
    const newer = await awaitMigrations(env.DATABASE_URL, MIGRATED_MAX_MS);
    if (newer.length > 0) console.log(`The database is of a newer release (${newer.join(", ")}).`);
  } else if (!process.argv.includes("--supervised")) {
    // `npm start` has done both, and tells the person at its terminal; our output is its log.
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
  const reachesDatabase = createDatabaseProbe(env.DATABASE_URL);
  const server = createServer((request, response) => {
    if (answersHealth(request, response, reachesDatabase)) return;
    if (env.TURNPIKE_TRUST_PROXY !== "1") nameRealCaller(request);
    void handle(request, response);
  });
  running = server;
  server.once("error", failPlainly);
  server.listen(env.PORT, env.HOST, () => console.log(`The console listens on ${env.HOST}:${env.PORT}`));
}

/** What a caller says of itself in forwarding headers would reach the audit and the sign-in bound as its address. */
function nameRealCaller(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (name === "forwarded" || name.startsWith("x-forwarded-")) delete request.headers[name];
  }
  request.headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
}

/** Lets running requests end; node streams and idle connections are cut. */
function stop(): void {
  if (running === null) process.exit(0);
  running.close(() => process.exit(0));
  running.closeIdleConnections();
  setTimeout(() => process.exit(0), STOP_GRACE_MS).unref();
}
