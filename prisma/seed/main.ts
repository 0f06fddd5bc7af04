// `npm run seed -- <scenario>`: fills an installation with data to look at. Uses DATABASE_URL or, without it, the
// embedded database of TURNPIKE_HOME while Turnpike runs. The work is done by a process of its own, which has the
// control plane's environment.

import { spawn } from "node:child_process";
import { findInstallation } from "#scripts/db/find-installation.ts";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { failPlainly, PlainError } from "#scripts/terminal.ts";
import { SCENARIOS } from "./scenarios.ts";

async function main(scenario: string | undefined): Promise<number> {
  if (scenario === undefined || !SCENARIOS.includes(scenario))
    throw new PlainError(`Usage: npm run seed -- <scenario>, where the scenario is one of: ${SCENARIOS.join(", ")}`);
  const program = spawn(process.execPath, ["prisma/seed/run.ts", scenario], {
    cwd: projectRoot,
    stdio: "inherit",
    env: childEnv(await findInstallation()),
  });
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("exit", (code) => resolve(code ?? 1));
  });
}

main(process.argv[2]).then((code) => process.exit(code), failPlainly);
