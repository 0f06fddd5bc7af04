import { inspect } from "node:util";
import { silentLog } from "#gateway/log.ts";
import { until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Rejection } from "#lib/contract/node-protocol.ts";
import { HOSTILE, packedBomb } from "./hostile/hostile-revisions.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const NACK_MAX_MS = 10_000;
const CALLERS = 2;
const PAUSE_MS = 5;
const BOMB_EVERY = 50;
/** The last good revision: what claims an older number claims one below it. */
const GOOD = 10;

/**
 * So many revisions that are wrong in one way or another, one after the other, while calls come all the time: each is
 * rejected with its number, a reason and what is wrong, the last good one stays in force, no call fails, and a good one is
 * taken after all of them.
 */
export async function configNack(n: number): Promise<Verdict> {
  const crashes: string[] = [];
  const crashed = (error: unknown): void => void crashes.push(inspect(error));
  process.on("uncaughtException", crashed).on("unhandledRejection", crashed);
  const harness = await Harness.start({ log: silentLog });
  const calls = new SteadyCalls(harness);
  try {
    await putInForce(harness, GOOD);
    const good = harness.document();
    calls.start();
    const delaysMs: number[] = [];
    const violations: string[] = [];
    const reasons = new Map<string, number>();
    const kinds = Object.entries(HOSTILE);
    const bomb = ["a packed bomb", packedBomb] as const;
    for (let round = 0; round < n; round++) {
      const [name, hostile] = (round % BOMB_EVERY === 0 ? bomb : kinds[round % kinds.length]) ?? bomb;
      const number = name === "an older number" ? 1 + (round % (GOOD - 1)) : GOOD + 1 + round;
      const sentMs = performance.now();
      harness.plane.sendRaw(hostile(harness.plane, number, good, seeded(round)));
      const nack = await rejectionOf(harness, number);
      delaysMs.push(performance.now() - sentMs);
      if (nack === null) violations.push(`${name}: no rejection`);
      else if (nack.code === "" || nack.message === "") violations.push(`${name}: rejected without a reason`);
      else reasons.set(nack.code, (reasons.get(nack.code) ?? 0) + 1);
      if (harness.node.revision !== GOOD) {
        violations.push(`${name}: revision ${harness.node.revision} is in force`);
        break;
      }
    }
    await putInForce(harness, GOOD + n + 10).catch(() => violations.push("a good revision was not taken afterwards"));
    await calls.stop();
    if (Reflect.get({}, "polluted") !== undefined) violations.push("the prototype of objects was changed");
    violations.push(...calls.failures, ...crashes);
    return {
      case: "config-nack",
      n,
      violations: violations.length,
      figures: {
        kinds: kinds.length + 1,
        reasons: [...reasons].map(([code, count]) => `${code} ${count}`).join(", "),
        nackP99Ms: rounded(quantile(delaysMs, 0.99)),
        nackMaxMs: rounded(Math.max(...delaysMs)),
        calls: calls.count,
        failed: calls.failures.length,
        first: violations[0]?.slice(0, 500) ?? "",
      },
    };
  } finally {
    await calls.stop();
    await harness.stop();
    process.off("uncaughtException", crashed).off("unhandledRejection", crashed);
  }
}

async function putInForce(harness: Harness, number: number): Promise<void> {
  harness.plane.publishDocument(number, harness.document());
  await until(`revision ${number} is in force`, () => harness.node.revision === number);
}

/** What the node says of the revision it was sent, or null when it says nothing in time. */
async function rejectionOf({ plane }: Harness, number: number): Promise<Rejection | null> {
  const said = () => plane.reports.at(-1)?.rejected ?? null;
  await until("the node says no", () => said()?.revision === number, NACK_MAX_MS).catch(() => undefined);
  const rejected = said();
  return rejected?.revision === number ? rejected : null;
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Calls without a pause longer than a moment, each of which must succeed. */
class SteadyCalls {
  private readonly harness: Harness;
  private isOver = false;
  private running: Promise<void>[] = [];
  count = 0;
  readonly failures: string[] = [];

  constructor(harness: Harness) {
    this.harness = harness;
  }

  start(): void {
    this.running = Array.from({ length: CALLERS }, () => this.callOn());
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async callOn(): Promise<void> {
    while (!this.isOver) {
      const answer = await this.harness.chat("smart").catch((error: unknown) => inspect(error));
      this.count += 1;
      if (typeof answer === "string") this.failures.push(answer);
      else if (answer.status !== 200) this.failures.push(`${answer.status} ${answer.text}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
