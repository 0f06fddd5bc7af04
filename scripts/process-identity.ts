import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { bareEnv } from "#scripts/env.ts";

/** What tells a process from a later one with the same number. */
export interface ProcessIdentity {
  /** The executable's name, as the system gives it (Linux cuts it at 15 characters). */
  command: string;
  /** When it started, in a form that is only good for comparing. */
  startedAt: string;
}

/** Describes a running process, or `null` where there is none of that number. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!(pid > 0)) return null;
  return process.platform === "linux" ? identifyOnLinux(pid) : identifyByPs(pid);
}

function identifyOnLinux(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const nameEnd = stat.lastIndexOf(")");
    const command = stat.slice(stat.indexOf("(") + 1, nameEnd);
    // After the name: field 3 (state) first, so field 22 (start time in ticks since boot) is the twentieth.
    const startedAt = stat.slice(nameEnd + 2).split(" ")[19] ?? "";
    return { command, startedAt };
  } catch {
    return null;
  }
}

function identifyByPs(pid: number): ProcessIdentity | null {
  const args = ["-o", "lstart=,comm=", "-p", String(pid)];
  const { stdout } = spawnSync("ps", args, { encoding: "utf8", env: bareEnv({ LC_ALL: "C", TZ: "UTC" }) });
  const match = /^\s*(\w+ +\w+ +\d+ [\d:]+ \d+)\s+(.+?)\s*$/.exec(stdout ?? "");
  return match?.[1] && match[2] ? { startedAt: match[1], command: match[2] } : null;
}
