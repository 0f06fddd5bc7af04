// One long-running program of ours, kept running: started, waited for, restarted when it dies by itself, stopped in
// order. It leads a session of its own, so that Ctrl-C reaches only us and we decide who stops first; should we be
// killed outright, the end of its pipe (lifeline.mjs) stops it, and not before everything that depends on it is gone,
// because dependents hold the other end of that pipe too.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { PlainError } from "#scripts/terminal.ts";

/** What to run. */
export interface ChildOrder {
  /** As it is called in messages: "control plane". */
  name: string;
  /** File and arguments for Node, relative to the repository. */
  args: string[];
  env: Record<string, string | undefined>;
  /** Standard output and error are appended to it; `null` shows them on this terminal. */
  logFile: string | null;
  /** Whether it answers yet; asked every 50 ms. `output` is what it has written since it was started. */
  isReady: (output: () => string) => Promise<boolean>;
  readyMaxMs: number;
  /** The tethers of what must outlive it. */
  tethers: () => Writable[];
  say: (line: string) => void;
  /** What to say when it ends by itself with status 0, instead of starting it again; otherwise that is unexpected too. */
  onCleanEnd?: string;
}

/** A program that is being kept running. */
export interface Child {
  /** Hand it to what depends on this child. */
  tether: () => Writable;
  pid: () => number | undefined;
  /** SIGTERM, then SIGKILL after `graceMs`. Resolves when it has ended; it is not restarted any more. */
  stop: (graceMs: number) => Promise<void>;
  /** Ends it and lets it be started anew. */
  restart: () => void;
}

const restartDelayMaxMs = 10_000;
const stableAfterMs = 60_000;

/** Starts a program and resolves when it is ready. Throws a PlainError when it ends or stays silent before that. */
export async function startChild(order: ChildOrder): Promise<Child> {
  let isStopping = false;
  let isRestarting = false;
  let restartDelayMs = 500;
  let startedMs = performance.now();
  let running = launch(order);

  const keepRunning = async (): Promise<void> => {
    while (!isStopping) {
      const how = await running.ended;
      if (isStopping) return;
      if (order.onCleanEnd && how === "status 0" && !isRestarting) return order.say(order.onCleanEnd);
      if (performance.now() - startedMs > stableAfterMs) restartDelayMs = 500;
      if (isRestarting) {
        isRestarting = false;
      } else {
        order.say(`The ${order.name} ended unexpectedly (${how}); starting it again.`);
        await delay(restartDelayMs);
        restartDelayMs = Math.min(restartDelayMaxMs, restartDelayMs * 2);
      }
      if (isStopping) return;
      startedMs = performance.now();
      running = launch(order);
      const isUp = await becomesReady(order, running);
      if (isUp) order.say(`The ${order.name} is running again.`);
    }
  };

  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    const { process: child, ended } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await ended;
    clearTimeout(timer);
  };

  if (!(await becomesReady(order, running))) {
    const output = running.output().trim().split("\n").slice(-20).join("\n");
    await stop(2_000);
    throw new PlainError(
      `The ${order.name} did not start${order.logFile ? ` (see ${order.logFile})` : ""}:\n${output}`,
    );
  }
  void keepRunning();
  return {
    tether: () => running.tether,
    pid: () => running.process.pid,
    stop,
    restart: () => {
      isRestarting = true;
      running.process.kill("SIGTERM");
    },
  };
}

interface Running {
  process: ChildProcess;
  tether: Writable;
  output: () => string;
  /** How it ended: "SIGKILL", "status 1". */
  ended: Promise<string>;
}

function launch(order: ChildOrder): Running {
  const { logFile } = order;
  const logStart = logFile && existsSync(logFile) ? readFileSync(logFile).length : 0;
  const log = logFile ? openSync(logFile, "a", 0o600) : null;
  const lifeline = path.join(projectRoot, "scripts/start/lifeline.mjs");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--import", lifeline, ...order.args],
    {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", log ?? "inherit", log ?? "inherit", "pipe", ...order.tethers()],
      env: childEnv({ ...order.env, TURNPIKE_LIFELINE_FD: "3" }),
    },
  );
  if (log !== null) closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `status ${code}`));
  });
  const output = () => (logFile ? readFileSync(logFile).subarray(logStart).toString("utf8") : "");
  return { process: child, tether: tetherOf(child), output, ended };
}

function tetherOf(child: ChildProcess): Writable {
  const pipe = child.stdio[3];
  if (!pipe || !("write" in pipe)) throw new Error("The child was started without its pipe.");
  pipe.on("error", () => {});
  return pipe;
}

async function becomesReady(order: ChildOrder, running: Running): Promise<boolean> {
  const giveUpMs = performance.now() + order.readyMaxMs;
  let hasEnded = false;
  void running.ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && performance.now() < giveUpMs) {
    if (await order.isReady(running.output)) return true;
    await delay(50);
  }
  return false;
}
