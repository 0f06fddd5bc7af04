import { readFileSync } from "node:fs";
import { startGatewayProcess } from "#e2e/support/gateway-process.ts";
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
  const node = await startGatewayProcess(controlUrl, joinToken, READY_MAX_MS);
  try {
    const readyMs = performance.now() - node.executedMs;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const seconds = cpuSeconds(node.pid);
    return { readyMs, peakMb: peakMb(node.pid), settledMb: residentMb(node.pid), cpuSeconds: seconds };
  } finally {
    await node.remove();
  }
}

function peakMb(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return match ? Number(match[1]) / 1_024 : 0;
}
