import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import type { InstallationOrder, InstallationResult } from "#scripts/start/installation.ts";
import { PlainError } from "#scripts/terminal.ts";

const setUpMaxMs = 60_000;

/** Runs installation.ts with the control plane's environment (`controlEnv`, on top of our own). */
export async function runInstallation(
  order: InstallationOrder,
  controlEnv: Record<string, string>,
): Promise<InstallationResult> {
  const script = path.join(projectRoot, "scripts/start/installation.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, JSON.stringify(order)];
  const options = { cwd: projectRoot, env: childEnv(controlEnv), timeout: setUpMaxMs };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error: { stderr?: string }) => {
    throw new PlainError(`The installation could not be set up:\n${error.stderr || String(error)}`);
  });
  return JSON.parse(stdout);
}
