// The embedded PostgreSQL of one data directory: initialised once, on a loopback port with a generated password, run by
// a watchdog process that outlives us just long enough to shut it down in order.
//
// As root, PostgreSQL runs as another user, to whom the path of the data directory may be closed (/root is, and so is
// TURNPIKE_HOME). The server is therefore started inside the directory, entered while still root, and told to find its
// data at /proc/self/cwd: no folder above has to be opened to anybody.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { findPostgres, type PostgresBinaries } from "#scripts/db/postgres-binaries.ts";
import type { WatchdogOrder } from "#scripts/db/postgres-watchdog.ts";
import { ambientEnv, bareEnv, childEnv } from "#scripts/env.ts";
import { portFailure, stablePort } from "#scripts/free-port.ts";
import { openHome, readOrMakeSecret } from "#scripts/home-files.ts";
import { identifyProcess } from "#scripts/process-identity.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

const superuser = "turnpike";
const databaseName = "turnpike";
// Recovery after a crash replays the log, which may take a while; it is waited for only while the server lives.
const readyMaxMs = 120_000;
const stopMaxMs = 20_000;

/** How to run it. */
export interface EmbeddedPostgresOptions {
  homeDir: string;
  /** Default: the port of last time where it is still free, else another free one. */
  port?: number;
  /** For tests: no fsync, so that a crash of the machine (not of the server) loses data. */
  isThrowAway?: boolean;
  /** Told when a running server ended by itself (it is being restarted) and when it is back. */
  onEvent?: (event: "restarting" | "restarted") => void;
}

/** A running server. */
export interface EmbeddedPostgres {
  /** Connection string of the database `turnpike`, as its owner. */
  url: string;
  port: number;
  /** The server process now; it changes when the server is restarted. */
  pid: () => number;
  /** Give it to a child as an extra file descriptor: while the child lives, PostgreSQL outlives our own death. */
  tether: Writable;
  /** Fast shutdown; resolves when the server has ended. */
  stop: () => Promise<void>;
}

/** Starts PostgreSQL in `<homeDir>/postgres` and waits until it answers. Throws a PlainError where it cannot. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const homeDir = path.resolve(options.homeDir);
  openHome(homeDir);
  const binaries = findPostgres();
  const dataDir = path.join(homeDir, "postgres");
  const password = readOrMakeSecret(homeDir, "postgres.password");
  if (!existsSync(path.join(dataDir, "PG_VERSION"))) initialise(binaries, dataDir, password);
  await stopLeftover(dataDir);
  const port = await choosePort(homeDir, options.port);
  const logFile = path.join(homeDir, "log/postgres.log");
  const watchdog = startWatchdog(orderFor(binaries, dataDir, port, logFile, options.isThrowAway === true));
  const state = followWatchdog(watchdog, options.onEvent);
  const urlOf = (name: string) =>
    `postgresql://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}?application_name=turnpike`;
  const stop = () => stopWatchdog(watchdog);
  try {
    await waitUntilReady(urlOf("postgres"), state, logFile);
    await createDatabase(urlOf("postgres"));
  } catch (error) {
    await stop();
    throw error;
  }
  state.isReady = true;
  return { url: urlOf(databaseName), port, pid: () => state.pid, tether: tetherOf(watchdog), stop };
}

function initialise({ initdb, account }: PostgresBinaries, dataDir: string, password: string): void {
  const unfinished = `${dataDir}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  // initdb reads the password from a file, as the account that the data directory will belong to.
  const handover = mkdtempSync(path.join(os.tmpdir(), "turnpike-initdb-"));
  const passwordFile = path.join(handover, "password");
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const each of account ? [unfinished, handover, passwordFile] : [])
      chownSync(each, account?.uid ?? 0, account?.gid ?? 0);
    const result = spawnSync(
      initdb,
      [
        `--pgdata=${account ? "/proc/self/cwd" : unfinished}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-instructions",
      ],
      {
        ...account,
        cwd: unfinished,
        env: bareEnv({ LC_ALL: "C", PATH: ambientEnv().PATH }),
        encoding: "utf8",
        timeout: 120_000,
      },
    );
    if (result.status !== 0) {
      throw new PlainError(
        `PostgreSQL could not be initialised in ${dataDir}: ${result.stderr || result.error?.message}`,
      );
    }
    renameSync(unfinished, dataDir);
  } finally {
    rmSync(handover, { recursive: true, force: true });
  }
}

function orderFor(
  { postgres, account }: PostgresBinaries,
  dataDir: string,
  port: number,
  logFile: string,
  isThrowAway: boolean,
): WatchdogOrder {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_messages=warning",
    "log_checkpoints=off",
    // An error's statement can carry what a log must not.
    "log_min_error_statement=panic",
    "log_parameter_max_length_on_error=0",
    ...(isThrowAway ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] : []),
  ];
  const args = [
    "-D",
    account ? "/proc/self/cwd" : dataDir,
    "-p",
    String(port),
    ...settings.flatMap((each) => ["-c", each]),
  ];
  return { postgres, args, cwd: dataDir, logFile, ...account };
}

interface WatchdogState {
  pid: number;
  isReady: boolean;
  hasEnded: boolean;
  lastExit: string | null;
}

function startWatchdog(order: WatchdogOrder): ChildProcess {
  const lifeline = path.join(projectRoot, "scripts/start/lifeline.mjs");
  return spawn(
    process.execPath,
    ["--import", lifeline, path.join(projectRoot, "scripts/db/postgres-watchdog.ts"), JSON.stringify(order)],
    {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", "pipe", "ignore", "pipe"],
      env: childEnv({ TURNPIKE_LIFELINE_FD: "3" }),
    },
  );
}

function followWatchdog(watchdog: ChildProcess, onEvent: EmbeddedPostgresOptions["onEvent"]): WatchdogState {
  const state: WatchdogState = { pid: 0, isReady: false, hasEnded: false, lastExit: null };
  watchdog.once("exit", () => {
    state.hasEnded = true;
  });
  if (!watchdog.stdout) return state;
  createInterface({ input: watchdog.stdout }).on("line", (line) => {
    const event: { pid?: number; exited?: string } = JSON.parse(line);
    if (event.exited !== undefined) {
      state.lastExit = event.exited;
      if (state.isReady) onEvent?.("restarting");
    } else {
      state.pid = event.pid ?? 0;
      if (state.isReady) onEvent?.("restarted");
    }
  });
  return state;
}

function tetherOf(watchdog: ChildProcess): Writable {
  const pipe = watchdog.stdio[3];
  if (!pipe || !("write" in pipe)) throw new Error("The watchdog was started without its pipe.");
  pipe.on("error", () => {});
  return pipe;
}

async function waitUntilReady(url: string, state: WatchdogState, logFile: string): Promise<void> {
  const giveUpMs = performance.now() + readyMaxMs;
  while (performance.now() < giveUpMs) {
    if (state.hasEnded || state.lastExit !== null) {
      throw new PlainError(
        `PostgreSQL did not start (${state.lastExit ?? "its watchdog ended"}); the end of ${logFile}:\n${tail(logFile)}`,
      );
    }
    if (await answers(url)) return;
    await delay(40);
  }
  throw new PlainError(`PostgreSQL did not answer within ${readyMaxMs / 1000} s; see ${logFile}.`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    // Wrong password: the data directory belongs to another secret, and waiting does not help.
    if (error instanceof pg.DatabaseError && error.code === "28P01") {
      throw new PlainError(
        "The embedded database refuses the password in postgres.password: restore that file from a backup.",
      );
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [databaseName]);
    if (!rowCount) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function choosePort(homeDir: string, wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return stablePort(path.join(homeDir, "postgres.port"));
  const failure = await portFailure(wanted, "127.0.0.1");
  if (failure) throw new PlainError(`PostgreSQL cannot listen on port ${wanted} (${failure}).`);
  return wanted;
}

// A server whose watchdog was killed outright still runs. Its data directory is ours (the caller holds the lock of the
// data directory), so it is shut down and started anew.
async function stopLeftover(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, "postmaster.pid");
  const giveUpMs = performance.now() + stopMaxMs;
  while (existsSync(pidFile) && performance.now() < giveUpMs) {
    const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    if (identifyProcess(pid)?.command !== "postgres") return; // PostgreSQL itself clears a stale file
    process.kill(pid, "SIGINT");
    await delay(100);
  }
}

async function stopWatchdog(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return;
  const ended = new Promise((resolve) => watchdog.once("exit", resolve));
  watchdog.kill("SIGTERM");
  const giveUp = new AbortController();
  await Promise.race([ended, delay(stopMaxMs, undefined, { signal: giveUp.signal }).catch(() => {})]);
  giveUp.abort();
  watchdog.kill("SIGKILL");
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(-15).join("\n") : "";
}
