// `npm run bench`: the node beside nginx, a bare proxy on node:http and a peer, on one pinned core, in interleaved rounds of
// one run. Prints one JSON line per case and a table each; only the ratios carry over to another machine.
//
//   --rounds=5 --seconds=4 --warm=10   how often, how long a burst, how long before the first
//   --node=alone                       the node with a small control plane, instead of the whole of Turnpike beside it
//   --cases=unary,stream               only cases with one of these words in their name
//   --contenders=nginx,turnpike        only these, beside the upstream itself
//   --strict                           exit 1 when the node misses a figure it must reach (only on an idle machine)
//
// `npm run bench -- scale` measures many nodes on the control plane instead: see scale/measure-scale.ts.
// `npm run bench -- simulate` replays recorded calls against a draft: see simulate.ts.

import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePorts } from "#e2e/support/turnpike.ts";
import { type BenchCase, type Burst, CASES } from "./cases.ts";
import { startBareNode } from "./contenders/bare-node.ts";
import type { Contender, UpstreamPorts } from "./contenders/contender.ts";
import { startLoneNode } from "./contenders/lone-node.ts";
import { startNginxProxy, startUpstreams } from "./contenders/nginx.ts";
import { startPortkey } from "./contenders/portkey.ts";
import { startTurnpikeNode } from "./contenders/turnpike.ts";
import { figuresOf, missed, RESIDENT_MB_MAX } from "./figures.ts";
import { LOAD_CORE, PROXY_CORE, pin, residentMb } from "./load.ts";
import { measureScale } from "./scale/measure-scale.ts";
import { benchSimulation } from "./simulate.ts";
import { requireTools } from "./tools.ts";

interface Options {
  rounds: number;
  seconds: number;
  warmSeconds: number;
  isAlone: boolean;
  isStrict: boolean;
  cases: readonly BenchCase[];
  wants(contender: string): boolean;
}

function options(args: string[]): Options {
  const text = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const number = (name: string, fallback: number): number => Number(text(name) ?? fallback);
  const words = text("cases")?.split(",") ?? [""];
  const names = text("contenders")?.split(",");
  return {
    rounds: number("rounds", 5),
    seconds: number("seconds", 4),
    warmSeconds: number("warm", 10),
    isAlone: text("node") === "alone",
    isStrict: args.includes("--strict"),
    cases: CASES.filter(({ name }) => words.some((word) => name.includes(word))),
    wants: (contender) => names?.includes(contender) ?? true,
  };
}

/** Everything that is measured, started in turn into the list so that what has started is closed whatever happens. */
async function start(contenders: Contender[], workDir: string, { isAlone, wants }: Options): Promise<void> {
  const [unary = 0, nginxUnary = 0, nginxStream = 0, portkeyPort = 0] = await freePorts(4);
  const direct = await startUpstreams(workDir, unary);
  contenders.push(direct);
  const upstreams: UpstreamPorts = { unary, stream: Number(new URL(direct.targets.stream.url).port) };
  if (wants("nginx")) {
    contenders.push(await startNginxProxy(workDir, { unary: nginxUnary, stream: nginxStream }, upstreams));
  }
  if (wants("node:http")) contenders.push(await startBareNode(upstreams));
  if (wants("turnpike")) contenders.push(isAlone ? await startLoneNode(upstreams) : await startTurnpikeNode(upstreams));
  if (wants("portkey")) contenders.push(await startPortkey(portkeyPort, upstreams));
  for (const { pid, name } of contenders) if (pid !== null) await pin(pid, name === "direct" ? LOAD_CORE : PROXY_CORE);
}

async function main(): Promise<void> {
  const chosen = options(process.argv.slice(2));
  requireTools();
  const workDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-bench-"));
  const contenders: Contender[] = [];
  try {
    await start(contenders, workDir, chosen);
    for (const contender of contenders) {
      for (const each of chosen.cases) {
        await each.burst(contender, Math.max(1, Math.round(chosen.warmSeconds * each.share)), workDir);
      }
    }
    const bursts = new Map(chosen.cases.map((each) => [each.name, new Map<string, Burst[]>()]));
    for (let round = 0; round < chosen.rounds; round++) {
      for (const each of chosen.cases) {
        for (const contender of contenders) {
          const seconds = Math.max(1, Math.round(chosen.seconds * each.share));
          const rows = bursts.get(each.name);
          const before = rows?.get(contender.name) ?? [];
          rows?.set(contender.name, [...before, await each.burst(contender, seconds, workDir)]);
        }
      }
    }
    for (const [name, rows] of bursts) report(name, rows, chosen);
    reportMemory(contenders, chosen.isStrict);
  } finally {
    for (const contender of contenders.toReversed()) await contender.close();
    rmSync(workDir, { recursive: true, force: true });
  }
}

function report(name: string, bursts: ReadonlyMap<string, readonly Burst[]>, { rounds, isStrict }: Options): void {
  const figures = Object.fromEntries([...bursts.keys()].map((contender) => [contender, figuresOf(contender, bursts)]));
  const misses = missed(name, figures.turnpike ?? {});
  const failures = [...bursts.values()].flat().reduce((sum, burst) => sum + burst.failures, 0);
  print(name, rounds, failures + (isStrict ? misses.length : 0), { ...figures, missed: misses });
  console.table(figures);
}

function reportMemory(contenders: readonly Contender[], isStrict: boolean): void {
  const resident = contenders.flatMap(({ name, pid }) => (pid === null ? [] : [[name, Math.round(residentMb(pid))]]));
  const figures: Record<string, number> = Object.fromEntries(resident);
  const misses =
    (figures.turnpike ?? 0) > RESIDENT_MB_MAX ? [`residentMb ${figures.turnpike} > ${RESIDENT_MB_MAX}`] : [];
  print("resident MB afterwards", 1, isStrict ? misses.length : 0, { ...figures, missed: misses });
}

function print(name: string, n: number, violations: number, figures: object): void {
  process.stdout.write(`${JSON.stringify({ case: `bench ${name}`, n, violations, figures })}\n`);
  if (violations > 0) process.exitCode = 1;
}

const [first, ...rest] = process.argv.slice(2);
if (first === "scale") await measureScale(rest);
else if (first === "simulate") await benchSimulation(rest);
else await main();
