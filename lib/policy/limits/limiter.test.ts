import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlanRateLimit } from "#lib/contract/rate-limit.ts";
import type { CompiledLimit } from "./compile-limits.ts";
import { compileLimits } from "./compile-limits.ts";
import type { Hold } from "./hold.ts";
import { type LimitQuestion, RateLimiter } from "./limiter.ts";

const callOf = (consumer: string, more: { key?: string; team?: string; address?: string } = {}) => ({
  id: "call_1",
  consumer: { id: consumer, teamId: more.team ?? "team_1" },
  apiKey: { id: more.key ?? `key_${consumer}` },
  request: { sourceAddress: more.address ?? "192.0.2.1" },
});
const limitsOf = (...limits: unknown[]): readonly CompiledLimit[] =>
  compileLimits("plan", { id: "pln_1", name: "one", rateLimits: PlanRateLimit.array().parse(limits) }).limits;
const requests = (limit: number, windowSeconds: number, more: object = {}) => ({
  metric: "requests",
  limit,
  windowSeconds,
  ...more,
});
const question = (limits: readonly CompiledLimit[], more: Partial<LimitQuestion> = {}): LimitQuestion => ({
  call: callOf("con_1"),
  limits,
  more: [],
  tokens: 0,
  isUndoable: false,
  holds: [],
  ...more,
});
const isAllowed = (limiter: RateLimiter, asked: LimitQuestion, nowMs: number) =>
  limiter.admit(asked, nowMs).refusedBy === null;

describe("RateLimiter", () => {
  it("charges all limits or none", () => {
    const limiter = new RateLimiter();
    const [short, long] = [limitsOf(requests(10, 1)), limitsOf(requests(3, 60))];
    const both = question(short, { more: long });
    expect(Array.from({ length: 5 }, () => isAllowed(limiter, both, 0))).toEqual([true, true, true, false, false]);
    // The short limit was not charged for what the long one refused: 7 of 10 were left; one more comes after 20 s.
    expect(limiter.admit(question(short), 0).requests.remaining).toBe(6);
    expect(isAllowed(limiter, both, 19_999)).toBe(false);
    expect(isAllowed(limiter, both, 20_000)).toBe(true);
  });

  it("counts apart whom each limit counts apart", () => {
    const limiter = new RateLimiter();
    const scopes = ["consumer", "key", "team", "address"];
    for (const per of scopes) {
      const limits = limitsOf(requests(1, 60, { per }));
      const first = callOf("con_1", { key: "key_1", team: "team_1", address: "192.0.2.1" });
      expect(isAllowed(limiter, question(limits, { call: first }), 0)).toBe(true);
      expect(isAllowed(limiter, question(limits, { call: first }), 0)).toBe(false);
      const other = callOf("con_2", { key: "key_2", team: "team_2", address: "192.0.2.2" });
      expect(isAllowed(limiter, question(limits, { call: other }), 0)).toBe(true);
      const sameScope = {
        consumer: callOf("con_1", { key: "key_9" }),
        key: callOf("con_9", { key: "key_1" }),
        team: callOf("con_9", { team: "team_1" }),
        address: callOf("con_9", { address: "192.0.2.1" }),
      }[per];
      if (sameScope === undefined) throw new Error("unreachable");
      expect(isAllowed(limiter, question(limits, { call: sameScope }), 0)).toBe(false);
    }
  });

  it("refuses nobody by a shadow limit, and says that it would have", () => {
    const limiter = new RateLimiter();
    const limits = limitsOf(requests(1, 60, { mode: "shadow" }), requests(3, 60));
    expect(limiter.admit(question(limits), 0).shadowed).toEqual([]);
    const second = limiter.admit(question(limits), 0);
    expect([second.refusedBy, second.shadowed.length, second.requests.limit?.limit]).toEqual([null, 1, 3]);
    expect(isAllowed(limiter, question(limits), 0)).toBe(true);
    expect(isAllowed(limiter, question(limits), 0)).toBe(false);
  });

  it("forgets only what has drained", () => {
    const limiter = new RateLimiter();
    const limits = limitsOf(requests(1, 60));
    for (let at = 0; at < 100; at++) {
      expect(isAllowed(limiter, question(limits, { call: callOf(`con_${at}`) }), at * 1_000)).toBe(true);
    }
    limiter.sweep(90_000);
    expect(limiter.size).toBe(69);
    expect(isAllowed(limiter, question(limits, { call: callOf("con_40") }), 90_000)).toBe(false);
    expect(isAllowed(limiter, question(limits, { call: callOf("con_20") }), 90_000)).toBe(true);
  });

  it("remembers a bounded number of addresses, and never forgets a call under way", () => {
    const limiter = new RateLimiter();
    const limits = limitsOf({ metric: "concurrency", limit: 1, per: "address" });
    const holds: Hold[] = [];
    const first = callOf("con_1", { address: "198.51.100.1" });
    expect(isAllowed(limiter, question(limits, { call: first, holds }), 0)).toBe(true);
    const others = limitsOf(requests(5, 60, { per: "address" }));
    for (let at = 0; at < 100_100; at++) {
      limiter.admit(question(others, { call: callOf("con_1", { address: String(at) }) }), 0);
    }
    expect(limiter.size).toBe(100_001);
    expect(isAllowed(limiter, question(limits, { call: first }), 0)).toBe(false);
  });
});

describe("tokens", () => {
  const limits = limitsOf({ metric: "tokens", limit: 1_000, windowSeconds: 10 });

  it("are reserved before, and settled to the truth after", () => {
    const limiter = new RateLimiter();
    const holds: Hold[] = [];
    expect(limiter.admit(question(limits, { tokens: 900, holds }), 0).tokens.remaining).toBe(100);
    expect(limiter.admit(question(limits, { tokens: 200 }), 0).retryMs).toBe(1_000);
    for (const hold of holds) limiter.settle(hold, 300, 0);
    expect(limiter.admit(question(limits, { tokens: 200, holds: [] }), 0).tokens.remaining).toBe(500);
  });

  it("used beyond the reservation are a debt that delays later calls", () => {
    const limiter = new RateLimiter();
    const holds: Hold[] = [];
    limiter.admit(question(limits, { tokens: 100, holds }), 0);
    for (const hold of holds) limiter.settle(hold, 2_500, 0);
    const refused = limiter.admit(question(limits, { tokens: 1 }), 0);
    expect([refused.tokens.remaining, refused.retryMs, refused.tokens.resetMs]).toEqual([0, 15_010, 25_000]);
    limiter.sweep(15_000);
    expect(isAllowed(limiter, question(limits, { tokens: 1 }), 15_009)).toBe(false);
    expect(isAllowed(limiter, question(limits, { tokens: 1 }), 15_010)).toBe(true);
  });

  it("of a call that may use more than the whole limit wait for the whole", () => {
    const limiter = new RateLimiter();
    expect(isAllowed(limiter, question(limits, { tokens: 1 }), 0)).toBe(true);
    expect(isAllowed(limiter, question(limits, { tokens: 5_000 }), 9)).toBe(false);
    expect(isAllowed(limiter, question(limits, { tokens: 5_000 }), 10)).toBe(true);
  });

  it("of a call that is over after its counter drained are charged all the same", () => {
    const limiter = new RateLimiter();
    const holds: Hold[] = [];
    limiter.admit(question(limits, { tokens: 10, holds }), 0);
    limiter.sweep(60_000);
    for (const hold of holds) limiter.settle(hold, 2_010, 60_000);
    expect(isAllowed(limiter, question(limits, { tokens: 1 }), 60_000)).toBe(false);
  });
});

describe("calls at a time", () => {
  it("hold as many slots as there are calls under way, whatever happens in which order", () => {
    const step = fc.record({ isStart: fc.boolean(), pick: fc.nat(20), isUndo: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
        const limiter = new RateLimiter();
        const limits = limitsOf({ metric: "concurrency", limit });
        const running: Hold[][] = [];
        for (const { isStart, pick, isUndo } of steps) {
          if (isStart) {
            const holds: Hold[] = [];
            const admitted = isAllowed(limiter, question(limits, { holds }), 0);
            expect(admitted).toBe(running.length < limit);
            expect(holds.length).toBe(admitted ? 1 : 0);
            if (admitted) running.push(holds);
          } else {
            const [ended] = running.splice(pick % Math.max(1, running.length), 1);
            for (const hold of ended ?? []) limiter.settle(hold, isUndo ? "undo" : 7, 0);
          }
        }
        for (const holds of running) for (const hold of holds) limiter.settle(hold, 0, 0);
        limiter.sweep(2_000);
        expect(limiter.size).toBe(0);
      }),
    );
  });
});
