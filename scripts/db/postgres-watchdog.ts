// Runs one PostgreSQL server for a parent that may die at any moment: PostgreSQL cannot watch a pipe, so this does
// (scripts/start/lifeline.mjs turns its end into SIGTERM). Restarts a server that dies by itself. Reports on standard
// output, one JSON line per event: {"pid": number} when a server process was started, {"exited": reason} when it ended.
// Arguments: one JSON object, WatchdogOrder.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { bareEnv } from "#scripts/env.ts";

/** What to run. `cwd` is the data directory, entered while we may still be root (see embedded-postgres.ts). */
export interface WatchdogOrder {
  postgres: string;
  args: string[];
  cwd: string;
  logFile: string;
  uid?: number;
  gid?: number;
}

const restartDelayMaxMs = 5_000;
const stableAfterMs = 30_000;
const fastShutdownMs = 8_000;

async function watch(order: WatchdogOrder): Promise<void> {
  let server: ChildProcess | undefined;
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    if (!server) process.exit(0);
    server.kill("SIGINT"); // fast shutdown: running transactions are rolled back, the data is written
    setTimeout(() => server?.kill("SIGQUIT"), fastShutdownMs).unref();
    setTimeout(() => server?.kill("SIGKILL"), 2 * fastShutdownMs).unref();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  let restartDelayMs = 100;
  while (!isStopping) {
    const startedMs = performance.now();
    server = startServer(order);
    report({ pid: server.pid });
    const exited = await ended(server);
    server = undefined;
    if (isStopping) break;
    report({ exited });
    if (performance.now() - startedMs > stableAfterMs) restartDelayMs = 100;
    await delay(restartDelayMs);
    restartDelayMs = Math.min(restartDelayMaxMs, restartDelayMs * 2);
  }
  process.exit(0);
}

function startServer(order: WatchdogOrder): ChildProcess {
  const log = openSync(order.logFile, "a", 0o600);
  const { uid, gid, cwd } = order;
  try {
    return spawn(order.postgres, order.args, {
      cwd,
      uid,
      gid,
      stdio: ["ignore", log, log],
      env: bareEnv({ LC_MESSAGES: "C" }),
    });
  } finally {
    closeSync(log);
  }
}

function ended(server: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.once("exit", (code, signal) => resolve(signal ?? `status ${code}`));
  });
}

function report(event: { pid?: number; exited?: string }): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

// A reader that went away is no reason to leave PostgreSQL alone.
process.stdout.on("error", () => {});

const order: WatchdogOrder = JSON.parse(process.argv[2] ?? "{}");
await watch(order);
