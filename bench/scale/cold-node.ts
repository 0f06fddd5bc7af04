import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePorts } from "#e2e/support/turnpike.ts";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { isReadyAt } from "#scripts/start/probe.ts";
import { startProgram } from "../child-program.ts";
import { cpuSeconds, residentMb } from "../load.ts";

const READY_MAX_MS = 120_000;
const SETTLE_MS = 3_000;

export interface ColdStart {
  /** From starting the process with an empty disk until it takes calls. */
  readyMs: number;
  /** The most that it was resident until then and shortly after, while it wrote the directory to its disk. */
  peakMb: number;
  settledMb: number;
  cpuSeconds: number;
}

/** Starts a real node with nothing on its disk, and measures what it takes until it is ready. */
export async function measureColdNode(controlUrl: string, joinToken: string): Promise<ColdStart> {
  const nodeDirectory = mkdtempSync(path.join(os.tmpdir(), "turnpike-cold-"));
  const [statusPort = 0] = await freePorts(1);
  const { file } = await buildGateway();
  const startedMs = performance.now();
  const node = await startProgram({
    file,
    nodeArgs: gatewayNodeArgs,
    env: {
      ...gatewayNodeEnv,
      TURNPIKE_CONTROL_URL: controlUrl,
      TURNPIKE_JOIN_TOKEN: joinToken,
      TURNPIKE_NODE_DIR: nodeDirectory,
      TURNPIKE_NODE_NAME: "cold",
      TURNPIKE_PARENT_PIPE: "1",
      GATEWAY_PORT: "0",
      GATEWAY_STATUS_PORT: String(statusPort),
    },
    isReady: ({ msg }) => msg === "listening",
  });
  try {
    while (!(await isReadyAt(`http://127.0.0.1:${statusPort}/readyz`))) {
      if (performance.now() - startedMs > READY_MAX_MS) throw new Error(`The node was not ready in ${READY_MAX_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const readyMs = performance.now() - startedMs;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const seconds = cpuSeconds(node.pid);
    return { readyMs, peakMb: peakMb(node.pid), settledMb: residentMb(node.pid), cpuSeconds: seconds };
  } finally {
    await node.close();
    rmSync(nodeDirectory, { recursive: true, force: true });
  }
}

function peakMb(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return match ? Number(match[1]) / 1_024 : 0;
}
