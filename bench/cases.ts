import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "#scripts/project-root.ts";
import { LONG_CALL, SHORT_CALL, STREAM_CALL } from "./bodies.ts";
import type { Contender } from "./contenders/contender.ts";
import { cpuSeconds, LOAD_CORE, load } from "./load.ts";

const run = promisify(execFile);

/** What one burst of one case cost one contender. */
export interface Burst {
  /** CPU-seconds for 10,000 calls, or 10,000 events of streams. */
  cpuPer10k: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were no 200, and broken connections: a run with any of them measures nothing. */
  failures: number;
}

export interface BenchCase {
  readonly name: string;
  /** The share of the usual length that a burst of it takes. */
  readonly share: number;
  burst(contender: Contender, seconds: number, workDir: string): Promise<Burst>;
}

/** Whole answers, driven by wrk. */
function calls(name: string, connections: number, body: string, share: number): BenchCase {
  return {
    name,
    share,
    async burst(contender, seconds, workDir) {
      const { url, headers } = contender.targets.unary;
      const before = cpuOf(contender);
      const result = await load({
        url,
        headers: { "content-type": "application/json", ...headers },
        body,
        connections,
        seconds,
        core: LOAD_CORE,
        workDir,
      });
      const cpuPer10k = ((cpuOf(contender) - before) / Math.max(1, result.requests)) * 10_000;
      return { ...result, cpuPer10k, perSecond: result.requestsPerSecond };
    },
  };
}

/** Streams of 50 events, one each 20 ms, driven by a program of ours; times are those to the first byte of the answer. */
function streams(name: string, connections: number, share: number): BenchCase {
  const program = path.join(projectRoot, "bench/programs/socket-load.ts");
  return {
    name,
    share,
    async burst(contender, seconds) {
      const { url, headers } = contender.targets.stream;
      const spec = {
        port: Number(new URL(url).port),
        headers: { "content-type": "application/json", ...headers },
        body: STREAM_CALL,
        connections,
        seconds,
      };
      const before = cpuOf(contender);
      const args = ["-c", String(LOAD_CORE), process.execPath, program, JSON.stringify(spec)];
      const { stdout } = await run("taskset", args, { timeout: (seconds + 30) * 1_000 });
      const { events, failures, firstByteP50Ms } = JSON.parse(stdout);
      const cpuPer10k = ((cpuOf(contender) - before) / Math.max(1, events)) * 10_000;
      return { cpuPer10k, perSecond: events / seconds, p50Ms: firstByteP50Ms, p99Ms: firstByteP50Ms, failures };
    },
  };
}

function cpuOf({ pid }: Contender): number {
  return pid === null ? 0 : cpuSeconds(pid);
}

export const CASES: readonly BenchCase[] = [
  calls("unary, 64 connections", 64, SHORT_CALL, 1),
  calls("unary, one connection", 1, SHORT_CALL, 0.5),
  calls("64 KB prompts", 16, LONG_CALL, 0.5),
  streams("first byte of a stream", 1, 0.75),
  streams("256 paced streams", 256, 1),
];
