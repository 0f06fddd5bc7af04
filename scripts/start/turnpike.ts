// The whole of Turnpike on one machine, step by step: `npm start`, and `npm run dev` with the sources instead of the
// build. Started in the order in which one needs the other, stopped in the opposite one.

import path from "node:path";
import type { Writable } from "node:stream";
import { generateClient } from "#scripts/db/generate.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { ambientEnv } from "#scripts/env.ts";
import { openHome } from "#scripts/home-files.ts";
import type { Child } from "#scripts/start/child.ts";
import { buildConsole } from "#scripts/start/console-build.ts";
import { checkDatabase, openEmbeddedDatabase } from "#scripts/start/database.ts";
import { lockHome } from "#scripts/start/home-lock.ts";
import type { InstallationResult } from "#scripts/start/installation.ts";
import { limitLogs } from "#scripts/start/log-limit.ts";
import { parseStartOptions, type StartOptions } from "#scripts/start/options.ts";
import { checkPorts } from "#scripts/start/ports.ts";
import {
  type Mode,
  nodesToJoin,
  type Setting,
  setUpInstallation,
  startControlPlane,
  startDemoUpstream,
  startGatewayNode,
} from "#scripts/start/programs.ts";
import type { Shutdown } from "#scripts/start/shutdown.ts";
import { step } from "#scripts/terminal.ts";

const graceMs = 2_000;
// On top of the time that the node gives its running calls.
const gatewayGraceMs = 5_000;

/** What is running now. */
export interface Running {
  options: StartOptions;
  installation: InstallationResult;
  gateway: Child;
}

/** Starts everything, registering with `shutdown` how to stop it. Throws a PlainError where something is in the way. */
export async function startTurnpike(mode: Mode, shutdown: Shutdown, say: (line: string) => void): Promise<Running> {
  const options = await step("check the environment", async () => prepareHome(shutdown));
  const database = await step(
    "start the database",
    () => openDatabase(options, shutdown, say),
    (opened) => opened.remark,
  );
  await step("generate the database client", generateClient, (ran) => (ran ? "" : "up to date"));
  await step(
    "migrate the database",
    () => migrate(database.url),
    (names) => (names.length ? `${names.length} new` : "up to date"),
  );
  if (mode === "production") {
    const log = path.join(options.homeDir, "log/build.log");
    const build = () => buildConsole(log, (running) => shutdown.add(() => void running.kill("SIGTERM")));
    await step("build the console", build, (ran) => (ran ? "" : "up to date"));
  }
  const setting: Setting = { options, mode, databaseUrl: database.url, say };
  return startPrograms(setting, database.tethers, shutdown);
}

async function prepareHome(shutdown: Shutdown): Promise<StartOptions> {
  const options = parseStartOptions(ambientEnv());
  openHome(options.homeDir);
  shutdown.add(lockHome(options.homeDir));
  await checkPorts(options);
  limitLogs(path.join(options.homeDir, "log"));
  return options;
}

async function openDatabase(options: StartOptions, shutdown: Shutdown, say: (line: string) => void) {
  if (options.databaseUrl !== null) {
    await checkDatabase(options.databaseUrl);
    return { url: options.databaseUrl, tethers: [], remark: "DATABASE_URL" };
  }
  const postgres = await openEmbeddedDatabase(options.homeDir, say);
  await keep(shutdown, postgres.stop);
  return { url: postgres.url, tethers: [postgres.tether], remark: `embedded PostgreSQL on port ${postgres.port}` };
}

async function startPrograms(setting: Setting, databaseTethers: Writable[], shutdown: Shutdown): Promise<Running> {
  const control = await step("start the control plane", async () => {
    const child = await startControlPlane(setting, () => databaseTethers);
    await keep(shutdown, () => child.stop(graceMs));
    return child;
  });
  const demo = setting.options.hasDemo
    ? await step("start the demo upstream", () => openDemo(setting, shutdown))
    : null;
  const order = { demoUpstreamUrl: demo?.url ?? null, joinTokens: nodesToJoin(setting).length };
  const installation = await step("set up the installation", () => setUpInstallation(setting, order));
  const gateway = await step("start the gateway node", async () => {
    const tethers = () => [control.tether(), ...(demo ? [demo.child.tether()] : []), ...databaseTethers];
    const child = await startGatewayNode(setting, installation.joinTokens, tethers);
    await keep(shutdown, () => child.stop(setting.options.drainMaxMs + gatewayGraceMs));
    return child;
  });
  return { options: setting.options, installation, gateway };
}

async function openDemo(setting: Setting, shutdown: Shutdown) {
  const demo = await startDemoUpstream(setting);
  await keep(shutdown, () => demo.child.stop(graceMs));
  return demo;
}

// A signal may have come while the program was starting: the shutdown did not know of it then.
async function keep(shutdown: Shutdown, stop: () => Promise<void>): Promise<void> {
  if (!shutdown.hasBegun) return shutdown.add(stop);
  await stop();
  await new Promise(() => {}); // the shutdown ends the process
}
