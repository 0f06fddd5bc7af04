// `npm run bench -- scale`: simulated nodes on real control planes and a real PostgreSQL. Prints one JSON line.
//
//   --nodes=200 --keys=1000000 --replicas=1   the size
//   --publishes=50 --revocations=1000         how often
//   --idle=20                                 seconds in which nothing happens
//   --strict                                  exit 1 when a figure is missed (only on an idle machine)

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile, rounded } from "#e2e/chaos/verdict.ts";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { postgresPid } from "#e2e/support/processes.ts";
import { type StartedReplicas, startReplicas } from "#e2e/support/replicas.ts";
import { SimulatedFleet } from "#e2e/support/simulated-fleet.ts";
import { cpuSeconds, residentMb } from "../load.ts";
import { type ColdStart, measureColdNode } from "./cold-node.ts";
import { fillDirectory, headsNow, someKeyIds } from "./fill-directory.ts";

const BOUND_MS = 10_000;
const REVOKED_MS_MAX = 1_000;
const ACKNOWLEDGED_MS_MAX = 2_000;
const COLD_MS_MAX = 20_000;
const COLD_MB_MAX = 600;
const IDLE_CPU_MAX = 0.05;
/** Of Linux's accounting. */
const TICKS_A_SECOND = 100;

interface ScaleOptions {
  nodes: number;
  keys: number;
  replicas: number;
  publishes: number;
  revocations: number;
  idleSeconds: number;
  isStrict: boolean;
}

function options(args: readonly string[]): ScaleOptions {
  const number = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1] ?? fallback);
  return {
    nodes: number("nodes", 200),
    keys: number("keys", 1_000_000),
    replicas: number("replicas", 1),
    publishes: number("publishes", 50),
    revocations: number("revocations", 1_000),
    idleSeconds: number("idle", 20),
    isStrict: args.includes("--strict"),
  };
}

/** Measures what the command line asks for, and prints it. */
export async function measureScale(args: readonly string[]): Promise<void> {
  const chosen = options(args);
  const installed = await said("control planes", () => startReplicas({ count: chosen.replicas }));
  let fleet: SimulatedFleet | null = null;
  try {
    const api = managementApi(installed.replicas[0]?.url ?? "", installed.token);
    const planId = await said("policy and keys", () => fill(api, installed, chosen.keys));
    const cold = chosen.keys > 0 ? await said("a cold node", () => coldStart(api, installed)) : null;
    const urls = installed.replicas.map(({ url }) => url);
    const held = heldBy(await headsNow(installed.databaseUrl));
    const started = await said("nodes", () => SimulatedFleet.start(urls, installed.token, chosen.nodes, held));
    fleet = started;
    await said("first revision", () => started.all("applied a revision", (node) => node.acknowledged > 0, 60_000));
    const idle = await said("idle", () => idleCpu(installed, chosen.idleSeconds));
    const published = await said("publishes", () => publishes(api, started, planId, chosen.publishes));
    const revoked = await said("revocations", () => revocations(api, installed, started, chosen.revocations));
    report(chosen, { cold, idle, published, revoked, problems: started.problems, controlMb: controlMb(installed) });
  } finally {
    await fleet?.stop();
    await installed.remove();
  }
}

/** Says on standard error how long a step took. */
async function said<T>(what: string, step: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const outcome = await step();
  process.stderr.write(`${what}: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s\n`);
  return outcome;
}

function heldBy({ epoch, directory, credential }: Awaited<ReturnType<typeof headsNow>>) {
  return { epoch, directory, credential };
}

/** A policy of a common size, and the keys. */
async function fill(api: ManagementApi, { databaseUrl }: StartedReplicas, keys: number): Promise<string> {
  const upstream = await api.must("POST", "/upstreams", {
    name: "bench",
    provider: "openai",
    baseUrl: "https://api.example.com/v1",
    credential: { kind: "apiKey", secret: "bench-upstream-secret" },
  });
  for (let place = 0; place < 50; place++) {
    const targets = [1, 2].map(() => ({ upstreamId: upstream.id, model: "gpt-4o-mini" }));
    await api.must("POST", "/routes", { name: `bench-${place}`, targets });
  }
  const plan = await api.must("POST", "/plans", { name: "bench", routes: ["*"] });
  const { number } = await api.must("POST", "/revisions", { note: "bench" });
  const team = await api.must("POST", "/teams", { name: "Bench" });
  await fillDirectory({ databaseUrl, keys, teamId: team.id, planId: plan.id, revision: number });
  return plan.id;
}

async function coldStart(api: ManagementApi, { replicas }: StartedReplicas): Promise<ColdStart> {
  const { secret } = await api.must("POST", "/join-tokens", { name: "cold" });
  return await measureColdNode(replicas[0]?.url ?? "", secret);
}

/** The share of a core that control planes and database need while nodes only report. */
async function idleCpu(installed: StartedReplicas, seconds: number): Promise<{ control: number; postgres: number }> {
  // What the start has left to do is done first.
  await sleep(3_000);
  const used = () => ({ control: controlCpu(installed), postgres: postgresCpu(installed) });
  const before = used();
  await sleep(seconds * 1_000);
  const after = used();
  return {
    control: (after.control - before.control) / seconds,
    postgres: (after.postgres - before.postgres) / seconds,
  };
}

function controlCpu({ replicas }: StartedReplicas): number {
  return replicas.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
}

function controlMb({ replicas }: StartedReplicas): number {
  return replicas.reduce((sum, { pid }) => sum + residentMb(pid), 0);
}

/** The server's process and those of its connections, those that have ended included. */
function postgresCpu({ homeDir }: StartedReplicas): number {
  const server = postgresPid(homeDir);
  const all = readdirSync("/proc").map(Number).filter(Number.isInteger).map(statOf);
  const living = all.filter(({ parent }) => parent === server).reduce((sum, { own }) => sum + own, 0);
  const { own, ended } = statOf(server);
  return (living + own + ended) / TICKS_A_SECOND;
}

/** Of a process: its parent, and the ticks that it and its children that have ended have used. */
function statOf(pid: number): { parent: number; own: number; ended: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, own: user + system, ended: endedUser + endedSystem };
  } catch {
    return { parent: 0, own: 0, ended: 0 }; // it has ended meanwhile
  }
}

/** From sending a publish until every node's report of it was answered. */
async function publishes(api: ManagementApi, fleet: SimulatedFleet, planId: string, count: number): Promise<number[]> {
  const delays: number[] = [];
  let { etag } = await api.must("GET", `/plans/${planId}`);
  for (let round = 0; round < count; round++) {
    const rateLimits = [{ metric: "requests", limit: 1_000_000 + round, windowSeconds: 60 }];
    ({ etag } = await api.must("PATCH", `/plans/${planId}`, { rateLimits }, { "if-match": etag }));
    const startedMs = performance.now();
    const { number } = await api.must("POST", "/revisions", { note: "bench" });
    await fleet.all(`applied revision ${number}`, (node) => node.acknowledged >= number, BOUND_MS);
    delays.push(performance.now() - startedMs);
  }
  return delays;
}

/** From sending a revocation until every node has it. */
async function revocations(
  api: ManagementApi,
  { databaseUrl }: StartedReplicas,
  fleet: SimulatedFleet,
  count: number,
): Promise<number[]> {
  const delays: number[] = [];
  let { directory: head } = await headsNow(databaseUrl);
  for (const id of await someKeyIds(databaseUrl, count)) {
    head += 1;
    const startedMs = performance.now();
    const [answer] = await Promise.all([
      api.call("DELETE", `/api-keys/${id}`),
      fleet.all("heard of the revocation", (node) => node.directory >= head, BOUND_MS),
    ]);
    if (answer.status !== 204) throw new Error(`The revocation was answered ${answer.status}`);
    delays.push(performance.now() - startedMs);
  }
  return delays;
}

function report(
  { nodes, keys, replicas, publishes: publishCount, revocations: revocationCount, isStrict }: ScaleOptions,
  measured: {
    cold: ColdStart | null;
    idle: { control: number; postgres: number };
    published: number[];
    revoked: number[];
    problems: number;
    controlMb: number;
  },
): void {
  const { cold, idle, published, revoked, problems } = measured;
  const figures = {
    nodes,
    keys,
    replicas,
    publishedP50Ms: rounded(quantile(published, 0.5)),
    publishedP99Ms: rounded(quantile(published, 0.99)),
    publishedMaxMs: rounded(Math.max(...published)),
    revokedP50Ms: rounded(quantile(revoked, 0.5)),
    revokedP99Ms: rounded(quantile(revoked, 0.99)),
    revokedMaxMs: rounded(Math.max(...revoked)),
    coldReadyMs: cold === null ? null : Math.round(cold.readyMs),
    coldPeakMb: cold === null ? null : Math.round(cold.peakMb),
    coldSettledMb: cold === null ? null : Math.round(cold.settledMb),
    coldCpuSeconds: cold === null ? null : rounded(cold.cpuSeconds),
    idleControlPercent: rounded(idle.control * 100),
    idlePostgresPercent: rounded(idle.postgres * 100),
    controlMb: Math.round(measured.controlMb),
    problems,
  };
  const missed = [
    quantile(published, 0.99) > ACKNOWLEDGED_MS_MAX ? "publishedP99Ms" : null,
    Math.max(...revoked) > REVOKED_MS_MAX ? "revokedMaxMs" : null,
    cold !== null && cold.readyMs > COLD_MS_MAX ? "coldReadyMs" : null,
    cold !== null && cold.peakMb > COLD_MB_MAX ? "coldPeakMb" : null,
    idle.control > IDLE_CPU_MAX ? "idleControlPercent" : null,
  ].filter((name) => name !== null);
  const n = publishCount + revocationCount;
  process.stdout.write(
    `${JSON.stringify({ case: "bench scale", n, violations: isStrict ? missed.length : 0, figures, missed })}\n`,
  );
  if (isStrict && missed.length > 0) process.exitCode = 1;
}
