// One real gateway node with nothing on its disk, at a control plane of the test's choice.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { executeGateway } from "#e2e/support/light-plane/executed-gateway.ts";
import { freePorts } from "#e2e/support/turnpike.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { isReadyAt } from "#scripts/start/probe.ts";

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** When it was executed, on the monotonic clock. */
  readonly executedMs: number;
  /** Kills it and removes its disk. */
  remove(): Promise<void>;
}

/** Starts a node that takes calls. Rejects after `readyMsMax`. */
export async function startGatewayProcess(
  controlUrl: string,
  joinToken: string,
  readyMsMax = 30_000,
): Promise<GatewayProcess> {
  const nodeDirectory = mkdtempSync(path.join(os.tmpdir(), "turnpike-node-"));
  const [statusPort = 0] = await freePorts(1);
  const node = await executeGateway({
    TURNPIKE_CONTROL_URL: controlUrl,
    TURNPIKE_JOIN_TOKEN: joinToken,
    TURNPIKE_NODE_DIR: nodeDirectory,
    GATEWAY_STATUS_PORT: String(statusPort),
  });
  const remove = async () => {
    await node.kill();
    rmSync(nodeDirectory, { recursive: true, force: true });
  };
  const isReady = async () => ((await isReadyAt(`http://127.0.0.1:${statusPort}/readyz`)) ? true : undefined);
  await waitUntil("the node to be ready", readyMsMax, isReady, 20).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return { url: node.url, pid: node.child.pid ?? 0, executedMs: node.executedMs, remove };
}
