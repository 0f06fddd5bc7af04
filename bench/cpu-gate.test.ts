import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SHORT_CALL } from "./bodies.ts";
import { type ChildProgram, startProgram } from "./child-program.ts";
import { startBareNode } from "./contenders/bare-node.ts";
import type { Contender } from "./contenders/contender.ts";
import { startLoneNode } from "./contenders/lone-node.ts";
import { median } from "./figures.ts";
import { cpuSeconds } from "./load.ts";
import { socketLoad } from "./socket-load.ts";

/**
 * The gate on what the node's policies cost: CPU per call, over that of the barest proxy on node:http, in slices of the same
 * run that take turns. The ratio is 1.1 to 1.4 on an idle machine; it rises on a busy one, where code is compiled later
 * and caches are colder, so the bound leaves room for that. A lost optimisation or a copy too many doubles it.
 */
const BOUND = 2.2;
/** Pairs of slices; those that warm up are not counted. */
const SLICES = 14;
const WARM_SLICES = 8;
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

/** CPU-seconds per call of one slice. */
async function slice({ targets, pid }: Contender): Promise<number> {
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
  return (cpuSeconds(pid) - before) / calls;
}

// The scheduler's count of a process's CPU is Linux's own.
it.runIf(existsSync("/proc/self/schedstat"))(
  "costs little more CPU per call than a bare proxy",
  {
    timeout: 90_000,
  },
  async () => {
    const ratios: number[] = [];
    for (let place = 0; place < SLICES; place++) {
      const bareSeconds = await slice(bare);
      const nodeSeconds = await slice(node);
      if (place >= WARM_SLICES) ratios.push(nodeSeconds / bareSeconds);
    }
    const found = median(ratios);
    process.stdout.write(
      `${JSON.stringify({ case: "cpu gate", n: ratios.length, figures: { ratio: found, bound: BOUND } })}\n`,
    );
    expect(found).toBeLessThanOrEqual(BOUND);
  },
);
