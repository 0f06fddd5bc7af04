import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TargetBalancer } from "#gateway/balance/balancer.ts";
import { buildIndexes } from "#gateway/snapshot/build-indexes.ts";
import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CompiledVersion, Snapshot } from "#gateway/snapshot/snapshot.ts";
import { policy, route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { HEALTH_DEFAULT, type HealthPolicy } from "#lib/contract/health-check.ts";
import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";
import type { AttemptTicket } from "./attempt-ticket.ts";
import { UpstreamFleet } from "./fleet.ts";
import { HealthEvents } from "./health-events.ts";
import type { HealthChange } from "./judge.ts";

const quick: HealthPolicy = { ...HEALTH_DEFAULT, consecutiveFailures: 2, openSeconds: 1, openSecondsMax: 8 };

/** A fleet over two upstreams with one target each, by a clock of the test's own. */
class Bench {
  nowMs = 1_000;
  readonly changes: HealthChange[] = [];
  credentials = new Map<string, readonly UpstreamCredential[]>();
  readonly fleet = new UpstreamFleet({
    credentialsOf: (id) => this.credentials.get(id) ?? NONE,
    upstreamWaitMs: () => 0,
    monotonicMs: () => this.nowMs,
    random: () => 0,
    onChange: (change) => this.changes.push(change),
  });
  readonly balancer = new TargetBalancer(this.fleet, Math.random);
  snapshot: Snapshot;

  constructor(health: HealthPolicy = quick, more: Partial<RouteVersionDocument> = {}, weights = [1, 1]) {
    this.snapshot = this.apply(health, more, weights);
  }

  apply(health: HealthPolicy, more: Partial<RouteVersionDocument>, weights: number[], host = "a.example"): Snapshot {
    const targets = weights.map((weight, index) => target(`ups_${index}`, { weight }));
    const upstreams = weights.map((_, index) => upstream(`ups_${index}`, `https://${index}.${host}/v1`, { health }));
    const document = policy(upstreams, [route("smart", [version(targets, more)])]);
    this.snapshot = buildIndexes({ epoch: 1, number: 1, sha256: "" }, document);
    this.fleet.retain(this.snapshot);
    this.balancer.retain(this.snapshot);
    return this.snapshot;
  }

  get version(): CompiledVersion {
    const found = this.snapshot.routes.get("smart");
    if (found === undefined) throw new Error("unreachable");
    return found.defaultVersion;
  }

  /** Chooses and begins, as a call does; null when nothing is in service. */
  call(): AttemptTicket | null {
    const chosen = this.balancer.choose(this.version, null, 0);
    return chosen === null ? null : this.fleet.begin(chosen, null);
  }

  /** One whole call that ends with a status, at the target it is given. */
  at(place: number, status: number): void {
    const chosen = this.version.targets[place];
    const ticket = chosen === undefined ? null : this.fleet.begin(chosen, null);
    ticket?.head(status);
    ticket?.settle({ error: status === 200 ? null : "status", status, askedWaitMs: null });
  }

  /** How many of the calls each target gets. */
  shares(calls: number): number[] {
    const counts = this.version.targets.map(() => 0);
    for (let turn = 0; turn < calls; turn++) {
      const ticket = this.call();
      const place = this.version.targets.findIndex((each) => each.id === ticket?.target.id);
      counts[place] = (counts[place] ?? 0) + 1;
      ticket?.head(200);
      ticket?.settle({ error: null, status: 200, askedWaitMs: null });
    }
    return counts;
  }
}

const NONE: readonly UpstreamCredential[] = [];

describe("the fleet", () => {
  const endings = fc.constantFrom(200, 500, 503, 400, 429, "reset", "connect", "cancelled", "timeout_first_byte");
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("begin" as const) }),
      fc.record({ kind: fc.constant("end" as const), place: fc.nat(), ending: endings }),
      fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
    ),
    { maxLength: 150 },
  );

  it("never calls what is out of service, tries with one call at a time, and counts what is under way", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const bench = new Bench();
        const live: AttemptTicket[] = [];
        for (const step of all) {
          if (step.kind === "wait") bench.nowMs += step.ms;
          if (step.kind === "begin") {
            const ticket = bench.call();
            if (ticket === null) continue;
            live.push(ticket);
            const { breaker, upstream: at } = ticket.target;
            expect(breaker.state).toBe(ticket.trials.target ? "half_open" : "closed");
            expect(at.reach.state).toBe(ticket.trials.upstream ? "half_open" : "closed");
          }
          if (step.kind === "end") {
            const [ticket] = live.splice(step.place % Math.max(1, live.length), 1);
            const { ending } = step;
            if (typeof ending === "number") ticket?.head(ending);
            ticket?.settle({
              error: typeof ending === "string" ? ending : ending === 200 ? null : "status",
              status: typeof ending === "number" ? ending : null,
              askedWaitMs: null,
            });
          }
          for (const state of bench.fleet.everyTarget) {
            const here = live.filter((ticket) => ticket.target === state);
            expect(state.inFlight).toBe(here.length);
            expect(here.filter((ticket) => ticket.trials.target).length).toBeLessThanOrEqual(1);
          }
        }
        for (const ticket of live) ticket.settle({ error: "cancelled", status: null, askedWaitMs: null });
        bench.nowMs += 20_000;
        expect(bench.call()).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it("gives a target that returns a rising share of the turns", () => {
    const bench = new Bench({ ...quick, slowStartSeconds: 10 });
    for (let call = 0; call < 2; call++) bench.at(0, 500);
    expect(bench.shares(10)).toEqual([0, 10]);
    bench.nowMs += 1_001;
    bench.at(0, 200);
    expect(bench.changes.map((change) => change.kind)).toEqual([
      "breaker_opened",
      "breaker_half_open",
      "breaker_closed",
    ]);
    const early = bench.shares(110)[0] ?? 0;
    expect(early).toBeGreaterThan(5);
    expect(early).toBeLessThan(15);
    bench.nowMs += 5_000;
    const middle = bench.shares(90)[0] ?? 0;
    expect(middle).toBeGreaterThan(25);
    expect(middle).toBeLessThan(35);
    bench.nowMs += 5_001;
    expect(bench.shares(100)).toEqual([50, 50]);
  });

  it.each(["round_robin", "weighted", "least_connections", "lowest_latency", "priority", "consistent_hash"] as const)(
    "never gives a call to a weight of 0 (%s)",
    (strategy) => {
      const bench = new Bench(quick, { strategy }, [0, 3]);
      expect(bench.shares(50)).toEqual([0, 50]);
      for (let call = 0; call < 2; call++) bench.at(1, 500);
      expect(bench.call()).toBeNull();
    },
  );

  it("keeps what it knows over a new snapshot, but not of another address", () => {
    const bench = new Bench();
    for (let call = 0; call < 2; call++) bench.at(0, 500);
    bench.apply(quick, { strategy: "weighted" }, [5, 1]);
    expect(bench.shares(10)).toEqual([0, 10]);
    bench.apply(quick, {}, [1, 1], "b.example");
    expect(bench.shares(10)).toEqual([5, 5]);
  });

  it("says when the first target is tried again, whichever stands in its way", () => {
    const bench = new Bench();
    for (let call = 0; call < 2; call++) bench.at(0, 500);
    bench.nowMs += 400;
    const ticket = bench.fleet.begin(bench.version.targets[1] ?? never(), null);
    ticket?.settle({ error: "status", status: 429, askedWaitMs: 5_000 });
    expect(bench.call()).toBeNull();
    expect(bench.balancer.outlook(bench.version)).toEqual({ waitMs: 600, isLimited: false });
    bench.nowMs += 700;
    expect(bench.call()?.target.id).toBe("tgt_ups_0");
    expect(bench.call()).toBeNull();
  });

  it("begins with a new secret as if nothing had been, and forgets a credential that is gone", () => {
    const bench = new Bench();
    const one = { id: "crd_1", kind: "apiKey", secret: "old" } as const;
    const two = { id: "crd_2", kind: "apiKey", secret: "other" } as const;
    bench.credentials.set("ups_0", [one, two]);
    bench.at(0, 401);
    const used = () => bench.fleet.begin(bench.version.targets[0] ?? never(), null)?.credential?.secret;
    expect([used(), used()]).toEqual(["other", "other"]);
    bench.credentials.set("ups_0", [{ ...one, secret: "new" }, two]);
    expect(new Set([used(), used()])).toEqual(new Set(["new", "other"]));
    bench.credentials.set("ups_0", [two]);
    expect([used(), used()]).toEqual(["other", "other"]);
  });
});

describe("health events", () => {
  const change: HealthChange = {
    kind: "breaker_opened",
    upstreamId: "ups_1",
    targetId: "tgt_1",
    credentialId: null,
    reason: "x".repeat(500),
  };

  it("are offered until they are taken, in order, and dropped oldest first beyond the bound", () => {
    const events = new HealthEvents(() => 1_700_000_000_000);
    for (let index = 0; index < 1_100; index++) events.add({ ...change, upstreamId: `ups_${index}` });
    expect(events.dropped).toBe(100);
    const first = events.offer();
    expect(first).toHaveLength(200);
    expect(first[0]?.upstreamId).toBe("ups_100");
    expect(events.offer()).toEqual(first);
    events.add(change);
    expect(events.taken()).toBe(true);
    const rest: string[] = [];
    do for (const event of events.offer()) rest.push(event.id);
    while (events.taken());
    // The one that was added meanwhile pushed out the oldest of those that were on their way.
    expect(rest).toHaveLength(801);
    expect(rest.toSorted()).toEqual(rest);
    expect(events.offer()).toEqual([]);
  });
});

function never(): never {
  throw new Error("unreachable");
}
