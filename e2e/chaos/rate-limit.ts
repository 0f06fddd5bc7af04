import { SharedLimiter } from "#gateway/limits/shared-limiter.ts";
import { SharedStore } from "#gateway/shared/shared-store.ts";
import { until } from "#gateway/testing/fixtures.ts";
import { TestRedis } from "#gateway/testing/redis.ts";
import { PlanRateLimit } from "#lib/contract/rate-limit.ts";
import { compileLimits } from "#lib/policy/limits/compile-limits.ts";
import { type LimitQuestion, RateLimiter } from "#lib/policy/limits/limiter.ts";
import { rounded, type Verdict } from "./verdict.ts";

const NODES = 3;
const LONG_SECONDS = 86_400;
/** Calls that one node has under way at the same time. */
const AT_ONCE = 20;
/** What is measured is who is admitted, not how fast this machine is: a store that answers late is waited for. */
const DEADLINE_MS = 5_000;
const WINDOW_LIMIT = 1_000;
const WINDOWS = 5;
const WRONG_SHARE_MAX = 0.000_01;
const OVER_SHARE_MAX = 0.01;

function limitOf(limit: number, windowSeconds: number) {
  const rateLimits = PlanRateLimit.array().parse([{ metric: "requests", limit, windowSeconds }]);
  return compileLimits("plan", { id: `plan_${limit}`, name: "measured", rateLimits }).limits;
}

function question(limits: LimitQuestion["limits"], consumer: number): LimitQuestion {
  const call = {
    id: "call",
    consumer: { id: `con_${consumer}`, teamId: "team" },
    apiKey: { id: "key" },
    request: { sourceAddress: "192.0.2.1" },
  };
  return { call, limits, more: [], tokens: 0, isUndoable: false, holds: [] };
}

/** One node against the theoretical arrival time in exact rationals, by a clock that is made up. */
function wrongOnOneNode(n: number): number {
  let wrong = 0;
  for (let done = 0, round = 1; done < n; round++) {
    const [limit, windowSeconds] = [1 + ((round * 7_919) % 5_000), 1 + ((round * 104_729) % 3_600)];
    const limiter = new RateLimiter();
    const asked = question(limitOf(limit, windowSeconds), 1);
    const [scale, windowMs] = [BigInt(limit), BigInt(windowSeconds) * 1_000n];
    const gapMsMax = (2_400 * windowSeconds) / limit;
    let arrival = 0n;
    let nowMs = 0;
    for (const end = Math.min(n, done + 100_000); done < end; done++) {
      nowMs += Math.floor(Math.random() * gapMsMax);
      const now = BigInt(nowMs) * scale;
      const next = (arrival > now ? arrival : now) + windowMs;
      const isRight = next - now <= windowMs * scale;
      if (isRight) arrival = next;
      if ((limiter.admit(asked, nowMs).refusedBy === null) !== isRight) wrong += 1;
    }
  }
  return wrong;
}

/** Runs one worker for every call that a node may have under way, on every node. */
async function onEveryNode(nodes: readonly SharedLimiter[], work: (node: SharedLimiter) => Promise<void>) {
  await Promise.all(nodes.flatMap((node) => Array.from({ length: AT_ONCE }, () => work(node))));
}

/** Three nodes and many consumers, each with a limit that does not come back: right is exactly the limit for each. */
async function wrongTogether(nodes: readonly SharedLimiter[], n: number) {
  const limit = 50;
  const limits = limitOf(limit, LONG_SECONDS);
  const consumers = Math.ceil(n / 100);
  const admitted = new Array<number>(consumers).fill(0);
  let [asked, unanswered] = [0, 0];
  await onEveryNode(nodes, async (node) => {
    while (asked < consumers * 100) {
      const consumer = asked++ % consumers;
      const verdict = await node.admit(question(limits, consumer));
      if (verdict === null) unanswered += 1;
      else if (verdict.refusedBy === null) admitted[consumer] = (admitted[consumer] ?? 0) + 1;
    }
  });
  const wrong = admitted.reduce((sum, count) => sum + Math.abs(count - limit), 0);
  return { wrong, asked, unanswered };
}

/** Three nodes that always ask for more than there is: what they get beyond the limit of the windows that passed. */
async function overInWindows(nodes: readonly SharedLimiter[]) {
  const limits = limitOf(WINDOW_LIMIT, 1);
  const startedMs = performance.now();
  let admitted = 0;
  await onEveryNode(nodes, async (node) => {
    while (performance.now() - startedMs < WINDOWS * 1_000) {
      const verdict = await node.admit(question(limits, 1));
      if (verdict !== null && verdict.refusedBy === null) admitted += 1;
    }
  });
  const due = WINDOW_LIMIT + (WINDOW_LIMIT * (performance.now() - startedMs)) / 1_000;
  return Math.max(0, admitted - due) / WINDOWS / WINDOW_LIMIT;
}

/**
 * Rate limits: one node makes no wrong decision, and three on a real Redis hardly any. `n` calls are simulated on one node,
 * a tenth of that are asked of Redis.
 */
export async function rateLimit(n: number): Promise<Verdict> {
  const wrongAlone = wrongOnOneNode(n);
  const redis = await TestRedis.start();
  const stores = Array.from(
    { length: NODES },
    () => new SharedStore({ url: redis.url, deadlineMs: DEADLINE_MS, onAway: () => {}, onBack: () => {} }),
  );
  const nodes = stores.map((store) => new SharedLimiter(store));
  try {
    await until("every node is connected", () => stores.every((store) => store.isUp));
    const startedMs = performance.now();
    const together = await wrongTogether(nodes, Math.ceil(n / 10));
    const callsPerSecond = Math.round((together.asked * 1_000) / (performance.now() - startedMs));
    const overShare = await overInWindows(nodes);
    const wrongShare = together.wrong / together.asked;
    const isBroken = wrongShare > WRONG_SHARE_MAX || together.unanswered > 0 || overShare > OVER_SHARE_MAX;
    const violations = wrongAlone + Number(isBroken);
    return {
      case: "ratelimit",
      n,
      violations,
      figures: {
        wrongOnOneNode: wrongAlone,
        askedTogether: together.asked,
        wrongTogether: together.wrong,
        unanswered: together.unanswered,
        overAdmissionPercentOfLimit: rounded(overShare * 100),
        callsPerSecond,
      },
    };
  } finally {
    for (const node of nodes) node.close();
    await redis.kill();
  }
}
