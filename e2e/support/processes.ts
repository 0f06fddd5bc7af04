import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Process ids of the descendants of a process whose command line contains the text. Linux only. */
export function descendants(rootPid: number, commandPart: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  }
  const isBelowRoot = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent !== 0 && (parent === rootPid || isBelowRoot(parent));
  };
  return [...parents.keys()].filter((pid) => isBelowRoot(pid) && commandLine(pid).includes(commandPart));
}

/** The embedded PostgreSQL's server process of a data directory. */
export function postgresPid(homeDir: string): number {
  return Number(readFileSync(path.join(homeDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
