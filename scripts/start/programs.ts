// The three programs of one installation on this machine: how each is run, and when it counts as up.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Writable } from "node:stream";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { stablePort } from "#scripts/free-port.ts";
import { gatewayNodeArgs, gatewayNodeEnv } from "#scripts/gateway-node-args.mjs";
import { readOrMakeSecret, writePrivate } from "#scripts/home-files.ts";
import { type Child, startChild } from "#scripts/start/child.ts";
import type { InstallationOrder, InstallationResult } from "#scripts/start/installation.ts";
import type { StartOptions } from "#scripts/start/options.ts";
import { answersHttp, isReadyAt } from "#scripts/start/probe.ts";
import { runInstallation } from "#scripts/start/run-installation.ts";

const snapshotWaitMs = 10_000;

/** Production runs what was built and logs to files; development runs the sources and logs to this terminal. */
export type Mode = "production" | "development";

/** What every program is started with. */
export interface Setting {
  options: StartOptions;
  mode: Mode;
  databaseUrl: string;
  say: (line: string) => void;
}

/** The control plane's whole environment; what is not given is generated into the data directory. */
export function controlEnv({ options, databaseUrl }: Setting): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    HOST: options.host,
    PORT: String(options.port),
    GATEWAY_PORT: String(options.gatewayPort),
    TURNPIKE_PUBLIC_URL: options.publicUrl,
    TURNPIKE_GATEWAY_URL: options.gatewayUrl,
    NEXTAUTH_URL: options.publicUrl,
    TURNPIKE_MASTER_KEY: options.masterKey ?? readOrMakeSecret(options.homeDir, "master.key"),
    NEXTAUTH_SECRET: options.sessionSecret ?? readOrMakeSecret(options.homeDir, "nextauth.secret"),
  };
}

/** Starts the control plane with its console. */
export function startControlPlane(setting: Setting, tethers: () => Writable[]): Promise<Child> {
  const { options, mode } = setting;
  const next = ["node_modules/next/dist/bin/next", "dev", "--port", String(options.port), "--hostname", options.host];
  return startChild({
    name: "control plane",
    args: mode === "production" ? ["scripts/console.ts", "--supervised"] : next,
    env: { ...controlEnv(setting), NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: "1" },
    logFile: logFile(setting, "console"),
    isReady: () => answersHttp(`${options.consoleUrl}/sign-in`),
    readyMaxMs: 90_000,
    tethers,
    say: setting.say,
  });
}

/** Starts the demo upstream on the loopback port it had last time. Also returns its address. */
export async function startDemoUpstream(setting: Setting): Promise<{ child: Child; url: string }> {
  const { homeDir } = setting.options;
  const port = await stablePort(path.join(homeDir, "demo-upstream.port"));
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: "demo upstream",
    args: ["demo/upstream/main.ts"],
    env: { DEMO_PORT: String(port), HOST: "127.0.0.1" },
    logFile: logFile(setting, "demo-upstream"),
    isReady: () => answersHttp(`${url}/__ledger`),
    readyMaxMs: 20_000,
    tethers: () => [],
    say: setting.say,
  });
  return { child, url };
}

/** The numbers of those of our nodes, from 0, that have no identity yet: each needs a join token. */
export function nodesToJoin({ options }: Setting): number[] {
  return nodeNumbers(options).filter((number) => !existsSync(path.join(nodeHome(options, number), "identity.json")));
}

/** Starts the gateway's nodes. They are up when each has a snapshot to answer from, if there is one. */
export async function startGatewayNode(
  setting: Setting,
  joinTokens: readonly string[],
  tethers: () => Writable[],
): Promise<Child> {
  const { options } = setting;
  const name = options.gatewayNodes === 1 ? "gateway node" : `${options.gatewayNodes} gateway nodes`;
  const file = setting.mode === "production" ? (await buildGateway()).file : "gateway/main.ts";
  const waiting = nodesToJoin(setting);
  const tokenOf = (number: number): string => joinTokens[waiting.indexOf(number)] ?? "";
  return startChild({
    name,
    args: [...gatewayNodeArgs, file],
    env: {
      ...gatewayNodeEnv,
      HOST: options.host,
      GATEWAY_PORT: String(options.gatewayPort),
      GATEWAY_STATUS_PORT: String(options.gatewayStatusPort),
      TURNPIKE_CONTROL_URL: options.consoleUrl,
      // Stripped types are kept from start to start; in the data directory, where nobody else can put code.
      NODE_COMPILE_CACHE: path.join(options.homeDir, "compile-cache"),
      GATEWAY_NODES: String(options.gatewayNodes),
      GATEWAY_NODES_MAX: String(options.gatewayNodesMax),
      TURNPIKE_NODE_DIR: nodeHome(options, 0),
      // Whether plain HTTP may be listened for here has been decided for the console already (options.ts).
      TURNPIKE_ALLOW_HTTP: "1",
      TURNPIKE_JOIN_TOKEN: waiting.length === 0 ? undefined : nodeNumbers(options).map(tokenOf).join(","),
    },
    logFile: logFile(setting, "gateway"),
    isReady: nodesReadiness(options),
    readyMaxMs: 60_000,
    tethers,
    say: setting.say,
    onCleanEnd: "Every gateway node was removed in the console; start again to let new ones join.",
  });
}

function nodesReadiness(options: StartOptions): () => Promise<boolean> {
  const nodes = nodeNumbers(options).map((number) =>
    nodeReadiness(`http://127.0.0.1:${options.gatewayStatusPort + number}`),
  );
  return async () => (await Promise.all(nodes.map((isReady) => isReady()))).every(Boolean);
}

// A node of an installation that has published nothing yet is alive and never gets ready: that is no failure.
function nodeReadiness(statusUrl: string): () => Promise<boolean> {
  let aliveSinceMs = 0;
  return async () => {
    if (await isReadyAt(`${statusUrl}/readyz`)) return true;
    if (aliveSinceMs === 0 && (await isReadyAt(`${statusUrl}/healthz`))) aliveSinceMs = performance.now();
    return aliveSinceMs > 0 && performance.now() - aliveSinceMs > snapshotWaitMs;
  };
}

/** Sets the installation up, and keeps the demo key, which is shown only once, for the `curl` of later starts. */
export async function setUpInstallation(setting: Setting, order: InstallationOrder): Promise<InstallationResult> {
  const result = await runInstallation(order, controlEnv(setting));
  const keyFile = path.join(setting.options.homeDir, "demo.key");
  if (result.demoApiKey) writePrivate(keyFile, `${result.demoApiKey}\n`);
  const demoApiKey = result.demoApiKey ?? (existsSync(keyFile) ? readFileSync(keyFile, "utf8").trim() : null);
  return { ...result, demoApiKey: order.demoUpstreamUrl ? demoApiKey : null };
}

function nodeNumbers({ gatewayNodes }: StartOptions): number[] {
  return Array.from({ length: gatewayNodes }, (_, number) => number);
}

/** As the gateway names the directories of its nodes (gateway/local-nodes.ts). */
function nodeHome(options: StartOptions, number: number): string {
  return path.join(options.homeDir, number === 0 ? "node" : `node-${number + 1}`);
}

function logFile({ options, mode }: Setting, name: string): string | null {
  return mode === "production" ? path.join(options.homeDir, "log", `${name}.log`) : null;
}
