import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plan, policy, route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import type { PolicyDocument } from "../../contract/policy-document.ts";
import { Endings } from "./endings.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { Replay } from "./replay.ts";

const STRATEGIES = [
  "round_robin",
  "weighted",
  "least_connections",
  "lowest_latency",
  "priority",
  "consistent_hash",
] as const;
const UPSTREAMS = ["ups_1", "ups_2", "ups_3"];
const CONSUMERS = ["con_1", "con_2", "con_3"];

const limits = fc.array(
  fc.record({
    metric: fc.constantFrom("requests" as const, "tokens" as const),
    limit: fc.integer({ min: 1, max: 2_000 }),
    windowSeconds: fc.integer({ min: 1, max: 60 }),
    per: fc.constant("consumer" as const),
    mode: fc.constantFrom("enforce" as const, "shadow" as const),
  }),
  { maxLength: 2 },
);

const targets = fc
  .uniqueArray(fc.constantFrom(...UPSTREAMS), { minLength: 1, maxLength: 3 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.integer({ min: 1, max: 5 }).map((weight) => target(id, { weight })))));

const documents: fc.Arbitrary<PolicyDocument> = fc
  .record({
    strategy: fc.constantFrom(...STRATEGIES),
    targets,
    rateLimits: limits,
    upstreamLimit: fc.option(fc.nat(20)),
  })
  .map(({ strategy, targets: chosen, rateLimits, upstreamLimit }) => {
    const upstreams = UPSTREAMS.map((id) => upstream(id, `https://${id}.example.com`));
    const first = upstreams[0];
    if (first !== undefined && upstreamLimit !== null) {
      const own = { metric: "concurrency" as const, limit: upstreamLimit + 1, per: "upstream" as const };
      upstreams[0] = { ...first, rateLimits: [{ ...own, mode: "enforce" as const }] };
    }
    return policy(upstreams, [route("smart", [version(chosen, { strategy })])], [plan("pln_1", { rateLimits })]);
  });

const calls: fc.Arbitrary<RecordedCall[]> = fc
  .array(
    fc.record({
      gapMs: fc.nat(400),
      durationMs: fc.nat(3_000),
      consumerId: fc.constantFrom(...CONSUMERS),
      upstreamId: fc.constantFrom(...UPSTREAMS),
      wasRefused: fc.boolean(),
      tokens: fc.nat(500),
      endUser: fc.option(fc.constantFrom("a", "b", "c")),
      revision: fc.constantFrom(1, 2),
    }),
    { maxLength: 120 },
  )
  .map((parts) => {
    let startedMs = Date.UTC(2026, 10, 24);
    return parts.map(({ gapMs, wasRefused, tokens, upstreamId, ...part }, index) => {
      startedMs += gapMs;
      const usage = {
        inputTokens: tokens,
        cachedInputTokens: 0,
        cacheWriteTokens: 0,
        outputTokens: 5,
        reasoningTokens: 0,
      };
      return {
        ...part,
        id: `req_${index}`,
        startedMs,
        firstByteMs: 10,
        apiKeyId: `key_${part.consumerId}`,
        sourceAddress: "192.0.2.1",
        action: "chat.completions" as const,
        requestedModel: "smart",
        route: "smart",
        routeVersion: "1.0.0",
        upstreamId: wasRefused ? null : upstreamId,
        model: wasRefused ? null : "gpt-4o-mini",
        outcome: wasRefused ? ("denied" as const) : ("ok" as const),
        errorCode: wasRefused ? "rate_limit_exceeded" : null,
        attempts: wasRefused ? 0 : 1,
        cache: "bypass" as const,
        usage: wasRefused
          ? { ...usage, inputTokens: 0, outputTokens: 0, source: "none" as const }
          : { ...usage, source: "upstream" as const },
        costNanos: 0n,
        asked: { version: null, bodyBytes: 200, isForm: false, maxOutputTokens: 50, candidates: 1 },
        parameters: [],
      };
    });
  });

const callers = {
  consumers: new Map(
    CONSUMERS.map((id) => [id, { id, name: id, teamId: "team_1", planId: "pln_1", suspendedReason: null }]),
  ),
  keys: new Map(),
};

function replayed(running: PolicyDocument, draft: PolicyDocument, all: readonly RecordedCall[]) {
  const replay = new Replay({ number: 1, document: running }, draft, callers);
  const fates = all.map((call) => replay.take(call));
  return { fates, view: replay.tally.view() };
}

describe("Replay", () => {
  it("finds no difference between a document and itself, whatever is called", () => {
    fc.assert(
      fc.property(documents, calls, (document, all) => {
        const { fates, view } = replayed(document, structuredClone(document), all);
        for (const fate of fates) {
          expect(fate?.after.refusal).toEqual(fate?.before.refusal);
          expect(fate?.after.target?.key).toBe(fate?.before.target?.key);
          expect(fate?.after.costNanos).toBe(fate?.before.costNanos);
        }
        expect(view).toMatchObject({
          admitted: { count: 0 },
          rerouted: { count: 0, flows: [] },
          versions: [],
          examples: [],
        });
        expect(view.denied.newly.count).toBe(0);
        expect(view.cost.after).toBe(view.cost.before);
      }),
      { numRuns: 150 },
    );
  });

  it("counts every call once, and says the same when it is asked again", () => {
    fc.assert(
      fc.property(documents, documents, calls, (running, draft, all) => {
        const { view } = replayed(running, draft, all);
        const served = (when: "before" | "after") => view.targets.reduce((sum, each) => sum + each[when], 0);
        expect(served("after") + view.denied.count).toBe(all.length);
        expect(served("before") + view.denied.before.count).toBe(all.length);
        expect(view.denied.before.count + view.denied.newly.count - view.admitted.count).toBe(view.denied.count);
        expect(replayed(running, draft, all).view).toEqual(view);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses under a limit of calls exactly what the exact algorithm refuses", () => {
    const limited = (limit: number): PolicyDocument => {
      const rateLimits = [{ metric: "requests", limit, windowSeconds: 10, per: "consumer", mode: "enforce" } as const];
      const upstreams = [upstream("ups_1", "https://one.example.com")];
      return policy(upstreams, [route("smart", [version([target("ups_1")])])], [plan("pln_1", { rateLimits })]);
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), calls, (limit, all) => {
        const { fates } = replayed(limited(1_000_000), limited(limit), all);
        // GCRA by its definition: a theoretical arrival time for each consumer, no more than a window ahead.
        const arrivals = new Map<string, number>();
        const everyMs = 10_000 / limit;
        all.forEach(({ consumerId, startedMs }, index) => {
          const due = Math.max(startedMs, arrivals.get(consumerId) ?? 0);
          const fits = due + everyMs - startedMs <= 10_000 + 1e-6;
          if (fits) arrivals.set(consumerId, due + everyMs);
          expect(fates[index]?.after.refusal === null).toBe(fits);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe("Endings", () => {
  it("come in order, none too early and none lost", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (times, untilMs) => {
        const endings = new Endings<number>();
        for (const atMs of times) endings.add(atMs, atMs);
        const taken: number[] = [];
        for (let next = endings.next(untilMs); next !== null; next = endings.next(untilMs)) taken.push(next.atMs);
        expect(taken).toEqual(times.filter((atMs) => atMs <= untilMs).toSorted((a, b) => a - b));
      }),
    );
  });
});
