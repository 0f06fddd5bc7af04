import type { Worker } from "node:cluster";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Backoff } from "./control/backoff.ts";
import type { GatewayEnv } from "./env.ts";

/** One place for a node: its directory, name and status port stay the same whatever process fills it. */
export interface Place {
  readonly env: Record<string, string>;
  readonly label: string;
  /** The status port that it is to have; 0 for any. */
  readonly statusPort: number;
  worker: Worker | null;
  readonly backoff: Backoff;
  startedMs: number;
  /** It was told to end: by a restart, because fewer are wanted, or because everything ends. */
  isExpectedToEnd: boolean;
  /** The control plane removed the node, or does not let it join: its place stays empty. */
  isGivenUp: boolean;
  /** It died, and is started again in a moment. */
  isPausing: boolean;
}

/** The first node keeps the names that a single one has, so that more nodes may be asked for later. */
export function placeOf(env: GatewayEnv, index: number, joinToken: string): Place {
  const suffix = index === 0 ? "" : `-${index + 1}`;
  const label = `${env.TURNPIKE_NODE_NAME}${suffix}`;
  const statusPort = env.GATEWAY_STATUS_PORT === 0 ? 0 : env.GATEWAY_STATUS_PORT + index;
  return {
    label,
    statusPort,
    env: {
      GATEWAY_NODES: "1",
      GATEWAY_NODES_MAX: "1",
      TURNPIKE_NODE_DIR: `${env.nodeDirectory}${suffix}`,
      TURNPIKE_NODE_NAME: label,
      GATEWAY_STATUS_PORT: String(statusPort),
      TURNPIKE_JOIN_TOKEN: joinToken.trim(),
      TURNPIKE_PARENT_PIPE: "0",
    },
    worker: null,
    backoff: new Backoff(500, 10_000, Math.random),
    startedMs: 0,
    isExpectedToEnd: false,
    isGivenUp: false,
    isPausing: false,
  };
}

/** Whether the node of a place can start: it has joined before, or has a token to join with. */
export function canStart(place: Place): boolean {
  return place.env.TURNPIKE_JOIN_TOKEN !== "" || existsSync(join(place.env.TURNPIKE_NODE_DIR ?? "", "identity.json"));
}

/** Gives a place another status port where another program has taken its own meanwhile. */
export async function settleStatusPort(place: Place, host: string): Promise<void> {
  const isFree = place.statusPort === 0 || (await isPortFree(place.statusPort, host));
  place.env.GATEWAY_STATUS_PORT = String(isFree ? place.statusPort : 0);
}

function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
