import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";

const START_MAX_MS = 20_000;

/** A program of ours that runs beside the measurement. */
export interface ChildProgram {
  readonly pid: number;
  readonly port: number;
  close(): Promise<void>;
}

export interface ChildProgramSpec {
  /** Below the project's root. */
  readonly file: string;
  readonly args?: readonly (string | number)[];
  readonly nodeArgs?: readonly string[];
  readonly env?: Record<string, string>;
  /** Whether a line of its output says where it listens. */
  readonly isReady?: (line: { port?: number; msg?: string }) => boolean;
}

/** Starts a program and waits for the JSON line in which it names its port. Standard input stays open while it is to run. */
export async function startProgram(spec: ChildProgramSpec): Promise<ChildProgram> {
  const { file, args = [], nodeArgs = [], env = {}, isReady = () => true } = spec;
  const child = spawn(process.execPath, [...nodeArgs, path.join(projectRoot, file), ...args.map(String)], {
    cwd: projectRoot,
    env: childEnv(env),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await portOf(child, file, isReady);
  return { pid: child.pid ?? 0, port, close: () => end(child) };
}

function portOf(child: ChildProcess, file: string, isReady: NonNullable<ChildProgramSpec["isReady"]>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${file} did not start in ${START_MAX_MS / 1_000} s`));
    }, START_MAX_MS);
    child.once("exit", () => reject(new Error(`${file} ended at once`)));
    if (child.stdout === null) return;
    createInterface(child.stdout).on("line", (text) => {
      const line = JSON.parse(text);
      if (typeof line.port !== "number" || !isReady(line)) return;
      clearTimeout(timer);
      resolve(line.port);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await exited;
  clearTimeout(timer);
}
