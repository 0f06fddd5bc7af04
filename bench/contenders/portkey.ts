import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "#scripts/env.ts";
import { projectRoot } from "#scripts/project-root.ts";
import { type CallTarget, CHAT_PATH, type Contender, type UpstreamPorts } from "./contender.ts";

/** `@portkey-ai/gateway` as its documentation runs it in production, without its console. No key check, limits or metering. */
export async function startPortkey(port: number, upstreams: UpstreamPorts): Promise<Contender> {
  const benchDir = path.join(projectRoot, "bench/peers");
  if (!existsSync(path.join(benchDir, "node_modules/@portkey-ai/gateway"))) {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: benchDir,
      stdio: "inherit",
      timeout: 300_000,
    });
  }
  const script = path.join(benchDir, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const child = spawn(process.execPath, [script, "--headless", `--port=${port}`], {
    stdio: "ignore",
    env: childEnv(),
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null || attempt > 100) throw new Error("Portkey did not start in 20 s");
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    await sleep(200);
  }
  const to = (upstreamPort: number): CallTarget => ({
    url: `${url}${CHAT_PATH}`,
    headers: {
      authorization: "Bearer bench",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${upstreamPort}/v1`,
    },
  });
  const close = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  };
  const targets = { unary: to(upstreams.unary), stream: to(upstreams.stream) };
  return { name: "portkey", targets, pid: child.pid ?? 0, close };
}
