// `npm run build`: the production builds of the gateway and the console, where stale.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { buildGateway } from "#scripts/build-gateway.mjs";
import { generateClient } from "#scripts/db/generate.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { buildConsole } from "#scripts/start/console-build.ts";
import { failPlainly, step } from "#scripts/terminal.ts";

try {
  const logFolder = path.join(projectRoot, ".cache");
  mkdirSync(logFolder, { recursive: true });
  await step("generate the database client", generateClient, (ran) => (ran ? "" : "up to date"));
  const build = () =>
    buildConsole(path.join(logFolder, "build.log"), (running) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => running.kill(signal));
    });
  await step("build the gateway", buildGateway, ({ hasBuilt }) => (hasBuilt ? "" : "up to date"));
  await step("build the console", build, (ran) => (ran ? "" : "up to date"));
} catch (error) {
  failPlainly(error);
}
