// The production build of the console, made again only when something that goes into it has changed.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

const buildMaxMs = 15 * 60_000;
const inputFolders = ["app", "components", "lib", "public"];
const inputFiles = [
  "package-lock.json",
  "tsconfig.json",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "prisma/schema.prisma",
];
const stampFile = path.join(projectRoot, ".next/turnpike-build.json");

/** Builds the console when it is stale. Returns whether it had to. `onStart` is given the running build, to kill. */
export async function buildConsole(logFile: string, onStart: (build: ChildProcess) => void): Promise<boolean> {
  const hash = inputHash();
  if (readStamp() === hash) return false;
  const log = openSync(logFile, "w", 0o600);
  const lifeline = path.join(projectRoot, "scripts/start/lifeline.mjs");
  const build = spawn(process.execPath, ["--import", lifeline, "node_modules/next/dist/bin/next", "build"], {
    cwd: projectRoot,
    detached: true,
    stdio: ["ignore", log, log, "pipe"],
    env: childEnv({ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", TURNPIKE_LIFELINE_FD: "3" }),
    timeout: buildMaxMs,
  });
  closeSync(log);
  onStart(build);
  const ended = await new Promise((resolve) => build.once("exit", (code, signal) => resolve(signal ?? code)));
  if (ended !== 0) {
    throw new PlainError(`The console could not be built (${ended}); the end of ${logFile}:\n${tail(logFile)}`);
  }
  writeFileSync(stampFile, JSON.stringify({ hash }));
  return true;
}

function readStamp(): string | null {
  if (!existsSync(stampFile) || !existsSync(path.join(projectRoot, ".next/BUILD_ID"))) return null;
  const stamp: { hash?: string } = JSON.parse(readFileSync(stampFile, "utf8"));
  return stamp.hash ?? null;
}

function inputHash(): string {
  const hash = createHash("sha256").update(process.version);
  for (const file of [...inputFiles, ...inputFolders.flatMap(filesUnder)]) {
    const absolute = path.join(projectRoot, file);
    if (existsSync(absolute)) hash.update(`\0${file}\0`).update(readFileSync(absolute));
  }
  return hash.digest("hex");
}

function filesUnder(folder: string): string[] {
  const absolute = path.join(projectRoot, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
    .sort();
}

function tail(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-40).join("\n");
}
