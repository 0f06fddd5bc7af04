// Several control planes on one real PostgreSQL, each a process of its own that can be killed and started again.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePorts } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { generateClient } from "#scripts/db/generate.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { buildConsole } from "#scripts/start/console-build.ts";
import { answersHttp } from "#scripts/start/probe.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";

const READY_MAX_MS = 60_000;
const STOP_MAX_MS = 5_000;
const CONSOLE = ["scripts/console.ts", "--supervised"];
const LIGHT = ["e2e/support/light-plane/main.ts"];

/** One control plane. */
export interface Replica {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** kill -9. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, and waits until it answers. */
  start(): Promise<void>;
}

export interface StartedReplicas {
  readonly homeDir: string;
  readonly databaseUrl: string;
  readonly replicas: readonly Replica[];
  /** A management token with the owner role. */
  readonly token: string;
  /** The demo consumer's key, where there is a demo upstream. */
  readonly apiKey: string;
  /** What the control planes have logged. */
  log(): string;
  remove(): Promise<void>;
}

export interface ReplicasOrder {
  count: number;
  /** Where the demo upstream listens, if there is to be one. */
  demoUpstreamUrl?: string;
  /** Without the pages: up in a fraction of the time. Otherwise the console is built first, where it is stale. */
  isLight?: boolean;
}

/** Starts so many control planes on a database of their own. */
export async function startReplicas({
  count,
  demoUpstreamUrl,
  isLight = false,
}: ReplicasOrder): Promise<StartedReplicas> {
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-replicas-"));
  await generateClient();
  if (!isLight) await buildConsole(path.join(homeDir, "build.log"), () => undefined);
  const postgres = await startEmbeddedPostgres({ homeDir });
  await migrate(postgres.url);
  const token = `tpm_${randomBytes(24).toString("base64url")}`;
  const ports = await freePorts(count);
  const logFile = path.join(homeDir, "control-planes.log");
  const env = {
    DATABASE_URL: postgres.url,
    TURNPIKE_MASTER_KEY: randomBytes(32).toString("base64"),
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    TURNPIKE_BOOTSTRAP_TOKEN: token,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const installation = await runInstallation({ demoUpstreamUrl: demoUpstreamUrl ?? null, joinTokens: 0 }, env);
  const replicas = ports.map((port) => new ReplicaProcess(port, env, logFile, isLight ? LIGHT : CONSOLE));
  const remove = async () => {
    for (const replica of replicas) await replica.kill();
    await postgres.stop();
    rmSync(homeDir, { recursive: true, force: true });
  };
  await Promise.all(replicas.map((replica) => replica.start())).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const apiKey = installation.demoApiKey ?? "";
  const log = () => readFileSync(logFile, "utf8");
  return { homeDir, databaseUrl: postgres.url, replicas, token, apiKey, log, remove };
}

class ReplicaProcess implements Replica {
  readonly port: number;
  readonly url: string;
  readonly #env: Record<string, string>;
  readonly #logFile: string;
  readonly #program: readonly string[];
  #child: ChildProcess | null = null;

  constructor(port: number, env: Record<string, string>, logFile: string, program: readonly string[]) {
    this.#program = program;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#env = {
      ...env,
      HOST: "127.0.0.1",
      PORT: String(port),
      TURNPIKE_PUBLIC_URL: this.url,
      NEXTAUTH_URL: this.url,
    };
    this.#logFile = logFile;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit", { signal: AbortSignal.timeout(STOP_MAX_MS) });
    child.kill("SIGKILL");
    await ended;
  }

  async start(): Promise<void> {
    const log = openSync(this.#logFile, "a", 0o600);
    const lifeline = path.join(projectRoot, "scripts/start/lifeline.mjs");
    const args = ["--disable-warning=ExperimentalWarning", "--import", lifeline, ...this.#program];
    this.#child = spawn(process.execPath, args, {
      cwd: projectRoot,
      stdio: ["ignore", log, log, "pipe"],
      env: childEnv({ ...this.#env, TURNPIKE_LIFELINE_FD: "3" }),
    });
    closeSync(log);
    await waitUntil(
      "the control plane to answer",
      READY_MAX_MS,
      async () => ((await answersHttp(`${this.url}/sign-in`)) ? true : undefined),
      50,
    );
  }
}
