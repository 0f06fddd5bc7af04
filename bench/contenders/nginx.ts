import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "#scripts/env.ts";
import { toolPath } from "../tools.ts";
import type { Contender } from "./contender.ts";

/** What every upstream answers: a usual short chat completion of about 740 bytes. */
const ANSWER = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4o-mini",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: "A gateway takes calls at one address and passes them on. ".repeat(7).trim(),
      },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 58, completion_tokens: 84, total_tokens: 142 },
});

/** A static upstream: nginx answering the same bytes to every call. */
export function startUpstream(workDir: string, port: number): Promise<Contender> {
  const location = `default_type application/json; return 200 '${ANSWER}';`;
  return startNginx("direct", workDir, port, "", location, "/v1/chat/completions");
}

/** nginx as a plain proxy in front of the upstream, configured well: keep-alive on both sides, no logs. */
export function startNginxProxy(workDir: string, port: number, upstreamPort: number): Promise<Contender> {
  const upstream = `upstream model { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 100000000; }`;
  const location =
    "proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_buffering on;";
  return startNginx("nginx", workDir, port, upstream, location, "/v1/chat/completions");
}

async function startNginx(
  name: string,
  workDir: string,
  port: number,
  extra: string,
  location: string,
  target: string,
): Promise<Contender> {
  const dir = path.join(workDir, name);
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${dir}/${kind};`)
    .join(" ");
  writeFileSync(
    file,
    `daemon off; worker_processes 1; error_log ${dir}/error.log; pid ${dir}/nginx.pid; events { worker_connections 2048; }
http { access_log off; ${temporary} keepalive_requests 100000000; ${extra}
  server { listen 127.0.0.1:${port}; location / { ${location} } } }\n`,
  );
  const child = spawn("nginx", ["-c", file, "-p", dir], {
    stdio: "ignore",
    env: childEnv({ PATH: toolPath() }),
  });
  const pid = await workerOf(child);
  return {
    name,
    url: `http://127.0.0.1:${port}${target}`,
    headers: {},
    pid: name === "direct" ? null : pid,
    close: () => end(child),
  };
}

/** The one worker that does the work; the master only watches it. */
async function workerOf(child: ChildProcess): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    await sleep(100);
    if (child.exitCode !== null) throw new Error("nginx ended at once: is the port free?");
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ");
    if (children[0]) return Number(children[0]);
  }
  throw new Error("nginx started no worker in 5 s");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
