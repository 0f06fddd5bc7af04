// One bounded burst of load on one pinned core, and what it cost the program under it.

import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The proxies share one core, one at a time; the load and what stands behind them have the other. */
export const PROXY_CORE = 0;
export const LOAD_CORE = 1;

export interface LoadSpec {
  url: string;
  headers: Record<string, string>;
  body: string;
  connections: number;
  seconds: number;
  /** The core that the load generator is pinned to; the program under load sits on another. */
  core: number;
  workDir: string;
}

export interface LoadResult {
  requests: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 2xx, and socket errors: a run with any of them measures nothing. */
  failures: number;
}

/** Runs wrk with a POST of the given body and reads its report. */
export async function load(spec: LoadSpec): Promise<LoadResult> {
  const script = path.join(spec.workDir, "post.lua");
  const headers = Object.entries(spec.headers).map(([name, value]) => `wrk.headers[${lua(name)}] = ${lua(value)}`);
  writeFileSync(script, ['wrk.method = "POST"', `wrk.body = ${lua(spec.body)}`, ...headers, SUMMARY].join("\n"));
  const args = [
    "-c",
    String(spec.core),
    "wrk",
    "-t1",
    `-c${spec.connections}`,
    `-d${spec.seconds}s`,
    "--timeout",
    "10s",
    "-s",
    script,
    spec.url,
  ];
  const { stdout } = await run("taskset", args, { timeout: (spec.seconds + 20) * 1_000 });
  const report = /REPORT (.*)/.exec(stdout)?.[1];
  if (report === undefined) throw new Error(`wrk printed no report:\n${stdout}`);
  const { requests, microseconds, p50, p99, failures } = JSON.parse(report);
  return {
    requests,
    requestsPerSecond: requests / (microseconds / 1e6),
    p50Ms: p50 / 1_000,
    p99Ms: p99 / 1_000,
    failures,
  };
}

const SUMMARY = `
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('REPORT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failures":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end`;

function lua(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** CPU seconds that a process and all its threads have used so far, from the scheduler's own nanosecond count. */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const file = `/proc/${pid}/task/${thread}/schedstat`;
    if (existsSync(file)) nanoseconds += Number(readFileSync(file, "utf8").split(" ")[0]);
  }
  return nanoseconds / 1e9;
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return match ? Number(match[1]) / 1_024 : 0;
}

/** Pins every thread of a process to one core. */
export async function pin(pid: number, core: number): Promise<void> {
  await run("taskset", ["-a", "-p", "-c", String(core), String(pid)]);
}
