import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePorts } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { childEnv } from "#scripts/env.ts";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { projectRoot } from "#scripts/project-root.ts";

/** One gateway node as production runs it, and when it was executed: a process of its own, from the built file. */
export interface ExecutedGateway {
  readonly url: string;
  /** Of `performance.now()`. */
  readonly executedMs: number;
  readonly child: ChildProcess;
  output(): string;
  /** kill -9. Resolves once it is gone. */
  kill(): Promise<void>;
}

/** Executes a node; does not wait for it. The gateway is built first where it is stale. */
export async function executeGateway(env: Record<string, string>): Promise<ExecutedGateway> {
  const { file } = await buildGateway();
  const [port, statusPort] = await freePorts(2);
  const all = {
    ...gatewayNodeEnv,
    GATEWAY_PORT: String(port),
    GATEWAY_STATUS_PORT: String(statusPort),
    LOG_LEVEL: "warn",
    ...env,
  };
  const executedMs = performance.now();
  const child = spawn(process.execPath, [...gatewayNodeArgs, file], {
    cwd: projectRoot,
    env: childEnv(all),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const read = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-64_000);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { url: `http://127.0.0.1:${port}`, executedMs, child, output: () => text, kill };
}

/** How a node answered a chat call of the demo route; status 0 when it could not be reached. */
export interface ChatAnswer {
  readonly status: number;
  readonly code: string;
  readonly revision: string;
}

/** Makes a chat call of the demo route. */
export async function chatAnswer({ url }: { url: string }, apiKey: string): Promise<ChatAnswer> {
  const body = JSON.stringify({ model: "demo", messages: [{ role: "user", content: "hello" }] });
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body }).catch(() => null);
  if (response === null) return { status: 0, code: "", revision: "" };
  const parsed: { error?: { code?: string } } = await response.json().catch(() => ({}));
  const revision = response.headers.get("x-turnpike-revision") ?? "";
  return { status: response.status, code: parsed.error?.code ?? "", revision };
}

/** Milliseconds from the node's execution to its first good answer. Throws with its log after `maxMs`. */
export async function servingAfterMs(gateway: ExecutedGateway, apiKey: string, maxMs: number): Promise<number> {
  const good = async () => ((await chatAnswer(gateway, apiKey)).status === 200 ? performance.now() : undefined);
  const atMs = await waitUntil("the node to serve", maxMs, good, 5).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${gateway.output()}`);
  });
  return atMs - gateway.executedMs;
}
