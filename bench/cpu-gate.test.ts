import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SHORT_CALL } from "./bodies.ts";
import { type ChildProgram, startProgram } from "./child-program.ts";
import { startBareNode } from "./contenders/bare-node.ts";
import type { Contender } from "./contenders/contender.ts";
import { startLoneNode } from "./contenders/lone-node.ts";
import { cpuSeconds } from "./load.ts";
import { socketLoad } from "./socket-load.ts";

/**
 * The gate on what the node's policies cost: CPU per call over that of the barest proxy on node:http, in slices of one run
 * that take turns. What else runs on the machine only adds to a slice, so each side is judged by its cheapest one. Measured
 * with five to fourteen other programs on two cores: 1.9 to 2.9. The bound catches what costs as much as a second client or a
 * parsed body, not a few microseconds: those are for `npm run bench` on an idle machine.
 */
const BOUND = 3.6;
/** Where the machine is too busy to warm the node up, it is its compilation that is measured. */
const BOUND_COLD = 5;
/** Slices before anything is counted: until the node has served so many calls, or so much time is over. */
const WARM_CALLS = 8_000;
const WARM_MS_MAX = 20_000;
/** Pairs of slices that are counted. */
const SLICES = 6;
const SLICE_SECONDS = 1;
const CONNECTIONS = 32;

let upstream: ChildProgram;
let bare: Contender;
let node: Contender;
beforeAll(async () => {
  upstream = await startProgram({ file: "bench/programs/model-upstream.ts", args: [0] });
  const ports = { unary: upstream.port, stream: upstream.port };
  bare = await startBareNode(ports);
  node = await startLoneNode(ports);
});
afterAll(async () => {
  await node?.close();
  await bare?.close();
  await upstream?.close();
});

/** One slice: its calls, and CPU-seconds per call. */
async function slice({ targets, pid }: Contender): Promise<{ calls: number; seconds: number }> {
  if (pid === null) throw new Error("A contender without a process cannot be billed");
  const { url, headers } = targets.unary;
  const before = cpuSeconds(pid);
  const { calls, failures } = await socketLoad({
    port: Number(new URL(url).port),
    headers: { "content-type": "application/json", ...headers },
    body: SHORT_CALL,
    connections: CONNECTIONS,
    seconds: SLICE_SECONDS,
  });
  expect(failures).toBe(0);
  return { calls, seconds: (cpuSeconds(pid) - before) / calls };
}

// The scheduler's count of a process's CPU is Linux's own.
const hasCount = existsSync("/proc/self/schedstat");
it.runIf(hasCount)("costs little more CPU per call than a bare proxy", { timeout: 90_000 }, async () => {
  const warmUntilMs = performance.now() + WARM_MS_MAX;
  let calls = 0;
  while (calls < WARM_CALLS && performance.now() < warmUntilMs) {
    await slice(bare);
    calls += (await slice(node)).calls;
  }
  const bound = calls < WARM_CALLS ? BOUND_COLD : BOUND;
  const seconds = { bare: Number.POSITIVE_INFINITY, node: Number.POSITIVE_INFINITY };
  for (let place = 0; place < SLICES; place++) {
    seconds.bare = Math.min(seconds.bare, (await slice(bare)).seconds);
    seconds.node = Math.min(seconds.node, (await slice(node)).seconds);
  }
  const figures = { ratio: Number((seconds.node / seconds.bare).toFixed(2)), bound, warmCalls: calls };
  process.stdout.write(`${JSON.stringify({ case: "cpu gate", n: SLICES, figures })}\n`);
  expect(figures.ratio).toBeLessThanOrEqual(bound);
});
