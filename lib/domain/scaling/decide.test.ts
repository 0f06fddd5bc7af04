import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideScale, type ScalingDecision, type ScalingMemory } from "./decide.ts";
import { ScalingPolicy } from "./schemas.ts";

const FRESH: ScalingMemory = { lastUpMs: null, lastDownMs: null, lowSinceMs: null, lowPeakNodes: null };
const IDLE = { cpu: 0, inFlight: 0, callsPerSecond: 0, eventLoopDelayMs: 0 };

function policyOf(more: object = {}): ScalingPolicy {
  return ScalingPolicy.parse({ minimum: 1, maximum: 10, targets: { cpu: 0.6 }, ...more });
}
function busy(nodes: number, cpu: number) {
  return Array.from({ length: nodes }, () => ({ ...IDLE, cpu }));
}

const policies = fc
  .record({
    minimum: fc.integer({ min: 1, max: 20 }),
    spread: fc.integer({ min: 0, max: 30 }),
    cpu: fc.option(fc.double({ min: 0.05, max: 0.95, noNaN: true })),
    inFlight: fc.double({ min: 1, max: 500, noNaN: true }),
    eventLoopDelayMs: fc.option(fc.double({ min: 1, max: 200, noNaN: true })),
    scaleUpAt: fc.double({ min: 1.05, max: 3, noNaN: true }),
    scaleDownAt: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
    cooldownUpSeconds: fc.integer({ min: 0, max: 120 }),
    cooldownDownSeconds: fc.integer({ min: 5, max: 600 }),
  })
  .map(({ minimum, spread, cpu, inFlight, eventLoopDelayMs, ...rest }) =>
    ScalingPolicy.parse({ ...rest, minimum, maximum: minimum + spread, targets: { cpu, inFlight, eventLoopDelayMs } }),
  );
const reports = fc.array(
  fc.record({
    cpu: fc.double({ min: 0, max: 4, noNaN: true }),
    inFlight: fc.integer({ min: 0, max: 5_000 }),
    callsPerSecond: fc.constant(0),
    eventLoopDelayMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
  }),
  { maxLength: 60 },
);

/** What the scaler remembers after a decision that its driver took. */
function remember(memory: ScalingMemory, decision: ScalingDecision, nowMs: number): ScalingMemory {
  return {
    lastUpMs: decision.kind === "up" ? nowMs : memory.lastUpMs,
    lastDownMs: decision.kind === "down" ? nowMs : memory.lastDownMs,
    lowSinceMs: decision.lowSinceMs,
    lowPeakNodes: decision.lowPeakNodes,
  };
}

describe("decideScale", () => {
  it("adds what the load asks for, as the HorizontalPodAutoscaler computes it", () => {
    expect(decideScale({ policy: policyOf(), nodes: 2, reports: busy(2, 0.9), memory: FRESH, nowMs: 0 })).toMatchObject(
      {
        kind: "up",
        toNodes: 3,
        reason: "load_high",
        figures: { needed: 3, missing: 0, metrics: [{ metric: "cpu", perNode: 0.9, target: 0.6, nodes: 3 }] },
      },
    );
    const within = decideScale({ policy: policyOf(), nodes: 2, reports: busy(2, 0.65), memory: FRESH, nowMs: 0 });
    expect(within).toMatchObject({ kind: "held", reason: "steady" });
  });

  it("takes the highest of several metrics, and lets the delay add nodes but not say how few are enough", () => {
    const policy = policyOf({ targets: { cpu: 0.5, eventLoopDelayMs: 20 } });
    const slow = [{ ...IDLE, cpu: 0.1, eventLoopDelayMs: 60 }];
    expect(decideScale({ policy, nodes: 1, reports: slow, memory: FRESH, nowMs: 0 })).toMatchObject({ toNodes: 3 });
    const quick = Array.from({ length: 3 }, () => ({ ...IDLE, cpu: 0.3, eventLoopDelayMs: 1 }));
    expect(decideScale({ policy, nodes: 3, reports: quick, memory: FRESH, nowMs: 0 })).toMatchObject({
      figures: { needed: 2 },
    });
  });

  it("takes nodes away once fewer were enough for the cool-down, down to the most that was needed in it", () => {
    const policy = policyOf({ cooldownDownSeconds: 60 });
    const first = decideScale({ policy, nodes: 5, reports: busy(5, 0.2), memory: FRESH, nowMs: 0 });
    expect(first).toMatchObject({ kind: "held", reason: "cooling_down", lowPeakNodes: 2 });
    let memory = remember(FRESH, first, 0);
    const second = decideScale({ policy, nodes: 5, reports: busy(5, 0.3), memory, nowMs: 30_000 });
    memory = remember(memory, second, 30_000);
    expect(memory).toMatchObject({ lowSinceMs: 0, lowPeakNodes: 3 });
    expect(decideScale({ policy, nodes: 5, reports: busy(5, 0.1), memory, nowMs: 60_000 })).toMatchObject({
      kind: "down",
      toNodes: 3,
    });
  });

  it("says what keeps it", () => {
    const asked = { policy: policyOf({ maximum: 2 }), memory: FRESH, nowMs: 0 };
    expect(decideScale({ ...asked, nodes: 2, reports: busy(2, 0.9) }).reason).toBe("at_maximum");
    expect(decideScale({ ...asked, nodes: 2, reports: busy(1, 0.1) }).reason).toBe("reports_missing");
    expect(decideScale({ ...asked, nodes: 2, reports: [] }).reason).toBe("no_reports");
    expect(decideScale({ ...asked, nodes: 1, reports: busy(1, 0.5) }).reason).toBe("steady");
    const cooling = { ...asked, memory: { ...FRESH, lastUpMs: -1_000 } };
    expect(decideScale({ ...cooling, nodes: 1, reports: busy(1, 0.9) }).reason).toBe("cooling_up");
  });

  it("never leaves minimum and maximum, and never more than doubles or adds four", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 60 }), reports, (policy, nodes, given) => {
        const decision = decideScale({ policy, nodes, reports: given, memory: FRESH, nowMs: 1e9 });
        if (decision.kind === "held") {
          expect(decision.toNodes).toBe(nodes);
          return;
        }
        expect(decision.toNodes).toBeGreaterThanOrEqual(policy.minimum);
        expect(decision.toNodes).toBeLessThanOrEqual(policy.maximum);
        if (decision.reason === "load_high")
          expect(decision.toNodes).toBeLessThanOrEqual(Math.max(2 * nodes, nodes + 4));
      }),
    );
  });

  it("never takes a node away for its load while a report is missing, however long", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 60 }), reports, (policy, nodes, given) => {
        const memory = { ...FRESH, lowSinceMs: 0, lowPeakNodes: 1 };
        const decision = decideScale({ policy, nodes, reports: given.slice(0, nodes - 1), memory, nowMs: 1e12 });
        if (decision.kind === "down") expect(decision.reason).toBe("above_maximum");
      }),
    );
  });

  it("respects its cool-downs whatever the load does", () => {
    const loads = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 20, maxLength: 120 });
    fc.assert(
      fc.property(policies, loads, (policy, totals) => {
        const changes = run(policy, policy.minimum, totals);
        for (const [place, change] of changes.entries()) {
          const before = changes.slice(0, place);
          const lastUp = before.findLast(({ kind }) => kind === "up");
          const last = before.at(-1);
          if (change.kind === "up" && lastUp !== undefined)
            expect(change.atMs - lastUp.atMs).toBeGreaterThanOrEqual(policy.cooldownUpSeconds * 1_000);
          if (change.kind === "down" && last !== undefined)
            expect(change.atMs - last.atMs).toBeGreaterThanOrEqual(policy.cooldownDownSeconds * 1_000);
        }
      }),
    );
  });

  it("does not flap under a constant load: it goes one way, and stays", () => {
    fc.assert(
      fc.property(policies, fc.double({ min: 0, max: 40, noNaN: true }), fc.nat(30), (policy, total, extra) => {
        const from = Math.min(policy.maximum, policy.minimum + extra);
        const changes = run(policy, from, new Array<number>(400).fill(total));
        expect(new Set(changes.map(({ kind }) => kind)).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});

/** Looks every 5 s at a total load that the nodes share, in cores and a hundred times as many calls. */
function run(policy: ScalingPolicy, from: number, totals: readonly number[]) {
  const changes: { kind: "up" | "down"; atMs: number }[] = [];
  let nodes = from;
  let memory = FRESH;
  for (const [look, total] of totals.entries()) {
    const nowMs = look * 5_000;
    const one = { ...IDLE, cpu: total / nodes, inFlight: (total * 100) / nodes };
    const given = Array.from({ length: nodes }, () => one);
    const decision = decideScale({ policy, nodes, reports: given, memory, nowMs });
    memory = remember(memory, decision, nowMs);
    if (decision.kind === "held") continue;
    nodes = decision.toNodes;
    changes.push({ kind: decision.kind, atMs: nowMs });
  }
  return changes;
}
