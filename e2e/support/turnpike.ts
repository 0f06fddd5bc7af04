// The whole of Turnpike as real processes, started the way a person starts it, for tests and measurements.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";

const START_MAX_MS = 240_000;
const STOP_MAX_MS = 30_000;

export interface StartedTurnpike {
  homeDir: string;
  consoleUrl: string;
  gatewayUrl: string;
  statusUrl: string;
  adminEmail: string;
  adminPassword: string;
  /** A management token with the owner role. */
  token: string;
  /** The demo consumer's key. */
  apiKey: string;
  /** Everything printed so far. */
  output(): string;
  /** The supervisor's process id. */
  pid: number;
  /** Ctrl-C, and waits until it has stopped. Keeps the data. */
  stop(): Promise<void>;
  /** Starts again on the same data and ports. */
  restart(): Promise<void>;
  /** Stops and removes the data. */
  remove(): Promise<void>;
}

/** Starts an installation of its own in a fresh data directory, on free ports. */
export async function startTurnpike(extraEnv: Record<string, string> = {}): Promise<StartedTurnpike> {
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-e2e-"));
  const [port, gatewayPort] = await freePorts(2);
  // Each node has a status port of its own, and they follow one another.
  const statusPort = await freeRun(Number(extraEnv.GATEWAY_NODES_MAX ?? extraEnv.GATEWAY_NODES ?? 1));
  const adminPassword = randomBytes(12).toString("base64url");
  const token = `tpm_${randomBytes(24).toString("base64url")}`;
  const env = {
    TURNPIKE_HOME: homeDir,
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    GATEWAY_STATUS_PORT: String(statusPort),
    TURNPIKE_ADMIN_EMAIL: "admin@turnpike.test",
    TURNPIKE_ADMIN_PASSWORD: adminPassword,
    TURNPIKE_BOOTSTRAP_TOKEN: token,
    ...extraEnv,
  };
  let run = await launch(env);
  const apiKey = /Bearer (tp_\w+)/.exec(run.output())?.[1] ?? "";
  const stop = () => end(run.child);
  return {
    homeDir,
    consoleUrl: `http://127.0.0.1:${port}`,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    statusUrl: `http://127.0.0.1:${statusPort}`,
    adminEmail: env.TURNPIKE_ADMIN_EMAIL,
    adminPassword,
    token,
    apiKey,
    output: () => run.output(),
    get pid() {
      return run.child.pid ?? 0;
    },
    stop,
    async restart() {
      run = await launch(env);
    },
    async remove() {
      await stop();
      rmSync(homeDir, { recursive: true, force: true });
    },
  };
}

async function launch(env: Record<string, string>): Promise<{ child: ChildProcess; output(): string }> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/start/main.ts"], {
    cwd: projectRoot,
    env: childEnv(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const output = () => text;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Turnpike did not start in ${START_MAX_MS} ms:\n${text}`)),
      START_MAX_MS,
    );
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      outcome();
    };
    const read = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("Ctrl-C stops everything")) settle(resolve);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => settle(() => reject(new Error(`Turnpike ended with ${code}:\n${text}`))));
  }).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  return { child, output };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
  await ended;
  clearTimeout(timer);
}

/** Ports that nothing listens on at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenAt(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  return ports;
}

/** The first of so many free ports in a row. Below those that the system itself hands out, which come and go. */
async function freeRun(count: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const first = randomInt(20_000, 30_000);
    const ports = Array.from({ length: count }, (_, place) => first + place);
    const tried = await Promise.allSettled(ports.map(listenAt));
    const servers = tried.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    if (servers.length === count) return first;
  }
  throw new Error(`There are no ${count} free ports in a row`);
}

function listenAt(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
