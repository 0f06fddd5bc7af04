// One real gateway node as a process of its own, at a control plane of the test's choice.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePorts } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { childEnv } from "#scripts/env.ts";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { projectRoot } from "#scripts/project-root.ts";
import { isReadyAt } from "#scripts/start/probe.ts";

const STOP_MAX_MS = 10_000;
const CALL_MS_MAX = 5_000;

export interface GatewayProcess {
  readonly url: string;
  readonly statusUrl: string;
  readonly pid: number;
  /** When it was executed, on the monotonic clock. */
  readonly executedMs: number;
  /** kill -9. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Lets it go down in order. */
  stop(): Promise<void>;
}

/** Executes a node on free ports; it may take a while until it serves. What is not in `env` has its default. */
export async function executeGateway(env: Record<string, string>): Promise<GatewayProcess> {
  const [port = 0, statusPort = 0] = await freePorts(2);
  const { file } = await buildGateway();
  const executedMs = performance.now();
  const child = spawn(process.execPath, [...gatewayNodeArgs, path.join(projectRoot, file)], {
    cwd: projectRoot,
    env: childEnv({
      ...gatewayNodeEnv,
      TURNPIKE_PARENT_PIPE: "1",
      GATEWAY_PORT: String(port),
      GATEWAY_STATUS_PORT: String(statusPort),
      ...env,
    }),
    stdio: ["pipe", "ignore", "inherit"],
  });
  return {
    url: `http://127.0.0.1:${port}`,
    statusUrl: `http://127.0.0.1:${statusPort}`,
    pid: child.pid ?? 0,
    executedMs,
    kill: () => end(child, "SIGKILL"),
    stop: () => end(child, "SIGTERM"),
  };
}

/** A node with nothing on its disk that takes calls; `stop` also removes its disk. Rejects after `readyMsMax`. */
export async function startGatewayProcess(
  controlUrl: string,
  joinToken: string,
  readyMsMax = 30_000,
): Promise<GatewayProcess> {
  const nodeDirectory = mkdtempSync(path.join(os.tmpdir(), "turnpike-node-"));
  const node = await executeGateway({
    TURNPIKE_CONTROL_URL: controlUrl,
    TURNPIKE_JOIN_TOKEN: joinToken,
    TURNPIKE_NODE_DIR: nodeDirectory,
  });
  const stop = async () => {
    await node.stop();
    rmSync(nodeDirectory, { recursive: true, force: true });
  };
  const isReady = async () => ((await isReadyAt(`${node.statusUrl}/readyz`)) ? true : undefined);
  await waitUntil("the node to be ready", readyMsMax, isReady, 20).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { ...node, stop };
}

/** One short call of the demo route: its status, and the revision under which it was answered. */
export async function chatAnswer(
  node: Pick<GatewayProcess, "url">,
  apiKey: string,
): Promise<{ status: number; revision: string | null }> {
  const response = await fetch(`${node.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "demo", messages: [{ role: "user", content: "Hello" }] }),
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  await response.arrayBuffer();
  return { status: response.status, revision: response.headers.get("x-turnpike-revision") };
}

/** Milliseconds from executing a node until its first good answer. Rejects after `maxMs`. */
export async function servingAfterMs(node: GatewayProcess, apiKey: string, maxMs: number): Promise<number> {
  const answered = async () => ((await chatAnswer(node, apiKey)).status === 200 ? true : undefined);
  await waitUntil("the node to answer", maxMs, answered, 10);
  return performance.now() - node.executedMs;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
  await exited;
  clearTimeout(timer);
}
