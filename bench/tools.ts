import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ambientEnv } from "#scripts/env.ts";

/** The search path with the folder where Debian keeps nginx, which an ordinary user's path lacks. */
export function toolPath(): string {
  return `${ambientEnv().PATH ?? ""}:/usr/sbin`;
}

/** Throws one sentence that says what to install. */
export function requireTools(): void {
  const folders = toolPath().split(":");
  const missing = ["wrk", "nginx", "taskset"].filter(
    (tool) => !folders.some((folder) => existsSync(path.join(folder, tool))),
  );
  if (missing.length > 0)
    throw new Error(`The bench needs ${missing.join(", ")}. On Debian: apt-get install wrk nginx-light util-linux`);
  if (os.availableParallelism() < 2) throw new Error("The bench needs two cores: one for the proxy, one for the load.");
}
