// The installation that the browser tests walk through: started once for a run, and described to the tests in a file,
// because Playwright runs them in processes of their own.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writePrivate } from "#scripts/home-files.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { startTurnpike } from "../../e2e/support/turnpike.ts";

const file = path.join(projectRoot, ".cache/test/installation.json");

/** Where the browser tests find everything. */
export interface BrowserInstallation {
  homeDir: string;
  consoleUrl: string;
  gatewayUrl: string;
  adminEmail: string;
  adminPassword: string;
  /** A management token with the owner role. */
  token: string;
  /** The demo consumer's key. */
  apiKey: string;
}

/** The running installation; `null` before it has been started. */
export function readInstallation(): BrowserInstallation | null {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** Called by Playwright before the first test; what it returns is called after the last. */
export default async function setup(): Promise<() => Promise<void>> {
  const turnpike = await startTurnpike();
  const { homeDir, consoleUrl, gatewayUrl, adminEmail, adminPassword, token, apiKey } = turnpike;
  const described: BrowserInstallation = { homeDir, consoleUrl, gatewayUrl, adminEmail, adminPassword, token, apiKey };
  mkdirSync(path.dirname(file), { recursive: true });
  writePrivate(file, JSON.stringify(described));
  return async () => {
    rmSync(file, { force: true });
    await turnpike.remove();
  };
}
