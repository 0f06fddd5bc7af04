import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnv } from "#scripts/env.ts";
import { ANSWER } from "../answer.ts";
import { startProgram } from "../child-program.ts";
import { LOAD_CORE, pin } from "../load.ts";
import { toolPath } from "../tools.ts";
import { type CallTarget, CHAT_PATH, type Contender, type UpstreamPorts } from "./contender.ts";

/** What stands behind every contender: nginx that gives one answer to every call, and a program of ours that streams. */
export async function startUpstreams(workDir: string, port: number): Promise<Contender> {
  const location = `default_type application/json; return 200 '${ANSWER}';`;
  const whole = await startNginx(path.join(workDir, "upstream"), "", server(port, location));
  const streams = await startProgram({ file: "bench/programs/model-upstream.ts", args: [0] });
  await pin(whole.pid, LOAD_CORE);
  await pin(streams.pid, LOAD_CORE);
  return {
    name: "direct",
    targets: { unary: to(port), stream: to(streams.port) },
    pid: null,
    close: async () => {
      await streams.close();
      await whole.close();
    },
  };
}

/** nginx as a plain proxy, configured well: keep-alive on both sides, no logs; streams are not held back. */
export async function startNginxProxy(
  workDir: string,
  ports: UpstreamPorts,
  upstreams: UpstreamPorts,
): Promise<Contender> {
  const upstream = (name: string, port: number) =>
    `upstream ${name} { server 127.0.0.1:${port}; keepalive 512; keepalive_requests 100000000; }`;
  const location = (name: string, buffering: string) =>
    `proxy_pass http://${name}; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_buffering ${buffering}; client_body_buffer_size 1m;`;
  const nginx = await startNginx(
    path.join(workDir, "nginx"),
    `${upstream("whole", upstreams.unary)} ${upstream("streams", upstreams.stream)}`,
    `${server(ports.unary, location("whole", "on"))} ${server(ports.stream, location("streams", "off"))}`,
  );
  return { name: "nginx", targets: { unary: to(ports.unary), stream: to(ports.stream) }, ...nginx };
}

function to(port: number): CallTarget {
  return { url: `http://127.0.0.1:${port}${CHAT_PATH}`, headers: {} };
}

function server(port: number, location: string): string {
  return `server { listen 127.0.0.1:${port} backlog=4096; location / { ${location} } }`;
}

async function startNginx(
  dir: string,
  upstreams: string,
  servers: string,
): Promise<{ pid: number; close: () => Promise<void> }> {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${dir}/${kind};`)
    .join(" ");
  writeFileSync(
    file,
    `daemon off; worker_processes 1; error_log ${dir}/error.log; pid ${dir}/nginx.pid; events { worker_connections 2048; }
http { access_log off; ${temporary} keepalive_requests 100000000; client_max_body_size 32m; ${upstreams} ${servers} }\n`,
  );
  const child = spawn("nginx", ["-c", file, "-p", dir], {
    stdio: "ignore",
    env: childEnv({ PATH: toolPath() }),
  });
  return { pid: await workerOf(child), close: () => end(child) };
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
