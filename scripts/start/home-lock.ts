import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { identifyProcess } from "#scripts/process-identity.ts";
import { PlainError } from "#scripts/terminal.ts";

/** Makes this process the only one that works on a data directory. Returns the release. */
export function lockHome(homeDir: string): () => void {
  const file = path.join(homeDir, "lock");
  const holder = existsSync(file) ? readHolder(file) : null;
  if (holder !== null) {
    throw new PlainError(
      `Turnpike is already running on ${homeDir} (process ${holder}): stop it first, or set TURNPIKE_HOME to another directory.`,
    );
  }
  rmSync(file, { force: true });
  try {
    const startedAt = identifyProcess(process.pid)?.startedAt ?? "";
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt }), { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new PlainError(`Another start on ${homeDir} has just taken its lock (${String(error)}).`);
  }
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): number | null {
  try {
    const holder: { pid: number; startedAt: string } = JSON.parse(readFileSync(file, "utf8"));
    return identifyProcess(holder.pid)?.startedAt === holder.startedAt ? holder.pid : null;
  } catch {
    return null; // written only half: its writer died
  }
}
