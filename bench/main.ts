// `npm run bench`: the node beside nginx and a peer, on one pinned core, in interleaved rounds of one run.
// Prints one JSON line per contender and a table; only the ratios carry over to another machine.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePorts } from "#e2e/support/turnpike.ts";
import type { Contender } from "./contenders/contender.ts";
import { startNginxProxy, startUpstream } from "./contenders/nginx.ts";
import { startPortkey } from "./contenders/portkey.ts";
import { startTurnpikeNode } from "./contenders/turnpike.ts";
import { cpuSeconds, type LoadResult, load, pin, residentMb } from "./load.ts";
import { requireTools } from "./tools.ts";

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 64;
const BODY = JSON.stringify({
  model: "bench",
  messages: [
    { role: "system", content: "You answer in one short paragraph." },
    {
      role: "user",
      content:
        "Explain to a new colleague what an AI gateway does and why a company would put one between its applications and its models, please.",
    },
  ],
  temperature: 0.2,
  max_tokens: 256,
});

interface Round extends LoadResult {
  cpuPer10k: number;
}

async function main(): Promise<void> {
  const { rounds, seconds, warmSeconds } = options(process.argv.slice(2));
  requireTools();
  const workDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-bench-"));
  const contenders: Contender[] = [];
  try {
    const [upstreamPort = 0, nginxPort = 0, portkeyPort = 0] = await freePorts(3);
    contenders.push(await startUpstream(workDir, upstreamPort));
    contenders.push(await startNginxProxy(workDir, nginxPort, upstreamPort));
    contenders.push(await startTurnpikeNode(upstreamPort));
    contenders.push(await startPortkey(portkeyPort, upstreamPort));
    for (const { pid } of contenders) if (pid !== null) await pin(pid, PROXY_CORE);
    const burst = (contender: Contender, connections: number, length: number) =>
      measure(contender, connections, length, workDir);
    for (const contender of contenders) await burst(contender, CONNECTIONS, warmSeconds);
    const busy = new Map<string, Round[]>();
    const single = new Map<string, Round[]>();
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        append(busy, contender.name, await burst(contender, CONNECTIONS, seconds));
        append(single, contender.name, await burst(contender, 1, Math.max(1, Math.round(seconds / 2))));
      }
    }
    report(contenders, busy, single, rounds);
  } finally {
    for (const contender of contenders.toReversed()) await contender.close();
    rmSync(workDir, { recursive: true, force: true });
  }
}

async function measure(contender: Contender, connections: number, seconds: number, workDir: string): Promise<Round> {
  const before = contender.pid === null ? 0 : cpuSeconds(contender.pid);
  const headers = { "content-type": "application/json", ...contender.headers };
  const result = await load({
    url: contender.url,
    headers,
    body: BODY,
    connections,
    seconds,
    core: LOAD_CORE,
    workDir,
  });
  const cpu = contender.pid === null ? 0 : cpuSeconds(contender.pid) - before;
  return { ...result, cpuPer10k: (cpu / Math.max(1, result.requests)) * 10_000 };
}

function report(
  contenders: Contender[],
  busy: Map<string, Round[]>,
  single: Map<string, Round[]>,
  rounds: number,
): void {
  const figure = (rows: Map<string, Round[]>, name: string, key: keyof Round) =>
    median((rows.get(name) ?? []).map((round) => round[key]));
  const directP50 = figure(single, "direct", "p50Ms");
  const nginxCpu = figure(busy, "nginx", "cpuPer10k");
  const portkeyCpu = figure(busy, "portkey", "cpuPer10k");
  const nginxAdded = figure(single, "nginx", "p50Ms") - directP50;
  let violations = 0;
  const table = contenders.map(({ name, pid }) => {
    const failures = [...(busy.get(name) ?? []), ...(single.get(name) ?? [])].reduce(
      (sum, round) => sum + round.failures,
      0,
    );
    violations += failures;
    const cpu = figure(busy, name, "cpuPer10k");
    const added = figure(single, name, "p50Ms") - directP50;
    const figures = {
      requestsPerSecond: round(figure(busy, name, "requestsPerSecond"), 0),
      requestsPerCpuSecond: pid === null ? null : round(10_000 / cpu, 0),
      cpuOverNginx: pid === null ? null : round(cpu / nginxCpu, 2),
      portkeyOverThis: pid === null ? null : round(portkeyCpu / cpu, 1),
      p50Ms: round(figure(busy, name, "p50Ms"), 2),
      p99Ms: round(figure(busy, name, "p99Ms"), 2),
      addedP50Ms: round(added, 3),
      addedOverNginx: pid === null ? null : round(added / nginxAdded, 2),
      residentMb: pid === null ? null : round(residentMb(pid), 0),
    };
    process.stdout.write(`${JSON.stringify({ case: `bench ${name}`, n: rounds, violations: failures, figures })}\n`);
    return { contender: name, ...figures };
  });
  console.table(table);
  if (violations > 0) process.exitCode = 1;
}

function options(args: string[]): { rounds: number; seconds: number; warmSeconds: number } {
  const read = (name: string, fallback: number) =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1] ?? fallback);
  return { rounds: read("rounds", 5), seconds: read("seconds", 4), warmSeconds: read("warm", 10) };
}

function append(rows: Map<string, Round[]>, name: string, round: Round): void {
  rows.set(name, [...(rows.get(name) ?? []), round]);
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function round(value: number, places: number): number {
  return Number(value.toFixed(places));
}

await main();
