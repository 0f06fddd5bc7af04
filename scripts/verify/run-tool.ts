import { spawn } from "node:child_process";
import path from "node:path";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";

/** Runs a tool from node_modules. Returns nothing when it is content, else what it printed. */
export function runTool(script: string, args: string[], timeoutMs = 300_000): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(projectRoot, "node_modules", script), ...args], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "pipe"],
      env: childEnv({ NODE_ENV: undefined, NO_COLOR: "1", FORCE_COLOR: undefined }),
      timeout: timeoutMs,
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      if (output.length < 200_000) output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve([error.message]));
    child.once("close", (code, signal) => resolve(code === 0 ? [] : [output.trim() || `ended with ${signal ?? code}`]));
  });
}
