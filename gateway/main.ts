// The node's composition root: environment, identity, node, signals.

import cluster from "node:cluster";
import pino from "pino";
import packageJson from "../package.json" with { type: "json" };
import { JoinRefused } from "./control/join.ts";
import { channelOf } from "./control/supervised.ts";
import { type GatewayEnv, gatewayEnv } from "./env.ts";
import { identityOf } from "./identity-of.ts";
import { CANNOT_JOIN, LocalNodes } from "./local-nodes.ts";
import { errorFacts, type Log } from "./log.ts";
import { GatewayNode } from "./node.ts";

/** How long one of several nodes behind a port waits for its first snapshot before it takes calls all the same. */
const READY_WAIT_MS = 10_000;

/** Tells whoever started this process what it waits for, as one line on standard output. */
function announce(node: GatewayNode, env: GatewayEnv, log: Log): void {
  log.info({ host: env.HOST, port: node.port, statusPort: node.statusPort, revision: node.revision }, "listening");
}

function stopWith(node: GatewayNode, env: GatewayEnv, log: Log): void {
  let isStopping = false;
  const stop = (why: string): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ why }, "draining");
    node.stop(env.TURNPIKE_DRAIN_SECONDS * 1_000).then(
      () => process.exit(0),
      (error) => {
        log.error(errorFacts(error), "could not stop in order");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, leave);
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  if (env.TURNPIKE_PARENT_PIPE !== "1") return;
  process.stdin.on("end", () => stop("the parent is gone"));
  process.stdin.on("error", () => stop("the parent is gone"));
  process.stdin.resume();
}

// While it joins and starts there is nothing to drain; as the first process of a container nothing else would end it.
const leave = (): void => process.exit(0);

async function main(): Promise<void> {
  const env = gatewayEnv();
  const log: Log = pino({ level: env.LOG_LEVEL, base: { program: "gateway" } });
  if (env.nodesMax > 1) {
    new LocalNodes(env, log).start();
    return;
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, leave);
  const { version } = packageJson;
  const identity = await identityOf(env, version, log);
  const node = await GatewayNode.start({
    identity,
    nodeDirectory: env.nodeDirectory,
    version,
    host: env.HOST,
    port: env.GATEWAY_PORT,
    statusHost: env.GATEWAY_STATUS_HOST,
    statusPort: env.GATEWAY_STATUS_PORT,
    log,
    cacheBytesMax: env.TURNPIKE_CACHE_BYTES,
    ...(env.sharedStoreUrl === undefined ? {} : { sharedStoreUrl: env.sharedStoreUrl }),
    ...(env.tls === undefined ? {} : { tls: env.tls }),
    ...(env.trustedProxies === undefined ? {} : { trustedProxies: env.trustedProxies }),
    keyLifeMs: env.TURNPIKE_NODE_KEY_HOURS * 3_600_000,
    readyWaitMs: env.hasCompany ? READY_WAIT_MS : 0,
    ...(env.supervisor === undefined ? {} : { supervisor: { ...env.supervisor, channel: channelOf(process) } }),
    onRemoved: () => process.exit(0),
  });
  announce(node, env, log);
  // Of several nodes that share a port the supervisor restarts one after another instead; only one alone hears of it.
  if (env.tls !== undefined || cluster.isWorker) process.on("SIGHUP", () => void node.lookAtCertificate());
  stopWith(node, env, log);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : "unknown error";
  process.stderr.write(`The gateway node could not start: ${message}\n`);
  process.exit(error instanceof JoinRefused ? CANNOT_JOIN : 1);
});
