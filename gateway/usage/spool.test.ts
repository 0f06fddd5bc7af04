import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Backoff } from "#gateway/control/backoff.ts";
import { ControlAnswer } from "#gateway/control/signed-client.ts";
import { temporaryDirectory } from "#gateway/testing/fixtures.ts";
import { UsageBatch } from "#lib/contract/node-protocol.ts";
import type { UsageEvent } from "#lib/contract/usage-event.ts";
import { LeftSource } from "./left-source.ts";
import { LiveSource } from "./live-source.ts";
import { UsageReporter } from "./reporter.ts";
import { realFileSystem, type SegmentFileSystem } from "./segment.ts";
import { Spool } from "./spool.ts";

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  home = await temporaryDirectory();
});
afterEach(() => home.remove());

function eventOf(id: string, more: Partial<UsageEvent> = {}): UsageEvent {
  const usage = {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 2,
    reasoningTokens: 0,
    source: "upstream" as const,
  };
  return {
    sequence: 0,
    id,
    startedAt: "2026-11-24T12:00:00.000Z",
    durationMs: 1,
    firstByteMs: 1,
    teamId: "t",
    consumerId: "c",
    apiKeyId: "k",
    endUser: null,
    sourceAddress: "::1",
    userAgent: null,
    action: "chat.completions",
    requestedModel: "é🙂",
    route: "r",
    routeVersion: "1.0.0",
    targetId: "g",
    upstreamId: "u",
    provider: "openai",
    model: "m",
    revision: 1,
    status: 200,
    outcome: "ok",
    errorCode: null,
    stream: false,
    attempts: 1,
    cache: "bypass",
    usage,
    costNanos: "5",
    priceVersion: "p",
    decision: { revision: 1, stages: [], candidates: [], attempts: [], price: null },
    ...more,
  };
}

const idOf = (call: number): string => `req_${String(call).padStart(32, "0")}`;
const noPrice = () => null;
const intentOf = (id: string): string => {
  const { teamId, consumerId, apiKeyId, sourceAddress, action, requestedModel, route, model } = eventOf(id);
  const who = [0, teamId, consumerId, apiKeyId, null, sourceAddress, null, action, requestedModel];
  return JSON.stringify([...who, route, "1.0.0", "g", "u", "openai", model, 1, false, 100]);
};

function newSpool(
  more: { files?: SegmentFileSystem; bytesMax?: number; segmentBytes?: number; recentBytesMax?: number } = {},
): Spool {
  return new Spool({ root: home.path, incarnation: "spl_1", bytesMax: 1e9, syncMs: 1, ...more });
}

async function record(spool: Spool, calls: number, unfinished: readonly number[] = []): Promise<void> {
  for (let call = 0; call < calls; call++) {
    const ticket = await spool.intent(idOf(call), intentOf(idOf(call)));
    if (!unfinished.includes(call)) spool.outcome(eventOf(idOf(call)), ticket);
  }
  await spool.settle(2_000);
}

/** Reports a source to a control plane that keeps what it is sent, and says what that is. */
async function drain(source: LiveSource | LeftSource): Promise<UsageEvent[]> {
  const got: UsageEvent[] = [];
  const reporter = reporterTo(async (body) => {
    const { events } = UsageBatch.parse(JSON.parse(body.toString()));
    got.push(...events);
    return { throughSequence: events.at(-1)?.sequence ?? 0 };
  });
  while ((await reporter.sendOnce(source)) > 0) {}
  return got;
}

function reporterTo(take: (body: Buffer) => Promise<unknown>): UsageReporter {
  return new UsageReporter({ post: (_, body) => take(body), backoff: new Backoff(1, 1, () => 0), onProblem: () => {} });
}

async function left(): Promise<{ source: LeftSource; events: UsageEvent[] }> {
  const source = new LeftSource(home.path, "spl_1");
  await source.open(noPrice);
  return { source, events: await drain(source) };
}

describe("the spool", () => {
  it("reports the same row of events however much of it is still in memory", async () => {
    const steps = fc.array(
      fc.oneof(fc.record({ calls: fc.nat(12) }), fc.record({ report: fc.integer({ min: 1, max: 9 }) })),
      {
        maxLength: 30,
      },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(0, 1_500, 6_000, 1_000_000), async (row, recentBytesMax) => {
        run += 1;
        const spool = new Spool({
          root: home.path,
          incarnation: `spl_${run}`,
          bytesMax: 1e9,
          syncMs: 1,
          segmentBytes: 4_000,
          recentBytesMax,
        });
        const source = new LiveSource(spool);
        const got: UsageEvent[] = [];
        let made = 0;
        const report = async (max: number): Promise<number> => {
          const events = await source.peek(max);
          expect(await source.peek(max)).toEqual(events);
          got.push(...events.map(({ payload }) => JSON.parse(payload.toString())));
          await source.acknowledge(events.at(-1)?.sequence ?? 0);
          return events.length;
        };
        for (const step of row) {
          if ("report" in step) await report(step.report);
          else {
            for (let call = 0; call < step.calls; call++) spool.outcome(eventOf(idOf(made++)), null);
            await spool.settle(2_000);
          }
        }
        while ((await report(7)) > 0) {}
        expect(got.map(({ sequence, id }) => [sequence, id])).toEqual(
          Array.from({ length: made }, (_, index) => [index + 1, idOf(index)]),
        );
        expect(spool.isDrained).toBe(true);
        spool.close();
      }),
      { numRuns: 40 },
    );
  });

  it("reports every event once, in order and without gaps, and lets segments go when they are acknowledged", async () => {
    const spool = newSpool({ segmentBytes: 50_000 });
    for (let call = 0; call < 1_200; call++) {
      spool.outcome(eventOf(idOf(call)), null);
      if (call % 20 === 0) spool.flush();
    }
    await spool.settle(3_000);
    expect(spool.lastSegmentIndex).toBeGreaterThan(10);
    const events = await drain(new LiveSource(spool));
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(1_200);
    expect(spool.isDrained).toBe(true);
    expect((await readdir(join(home.path, "spl_1"))).length).toBe(1);
    spool.close();
  });

  it("turns what was begun and not ended into interrupted events after a kill", async () => {
    const spool = newSpool();
    await record(spool, 5, [1, 3]);
    spool.close();
    const { source, events } = await left();
    expect(source.interruptedCount).toBe(2);
    expect(events.map(({ id, outcome, sequence }) => [id, outcome, sequence])).toEqual([
      [idOf(0), "ok", 1],
      [idOf(2), "ok", 2],
      [idOf(4), "ok", 3],
      [idOf(1), "interrupted", 4],
      [idOf(3), "interrupted", 5],
    ]);
    await source.remove();
    expect(await readdir(home.path)).toEqual([]);
  });

  it("keeps the intent of a long call while the segments around it go", async () => {
    const spool = newSpool({ segmentBytes: 10_000 });
    const ticket = await spool.intent(idOf(0), intentOf(idOf(0)));
    const source = new LiveSource(spool);
    for (let round = 0; round < 8; round++) {
      for (let call = 1; call <= 25; call++) spool.outcome(eventOf(idOf(round * 100 + call)), null);
      await spool.settle(2_000);
      await drain(source);
    }
    await spool.settle(1_000);
    spool.acknowledge(Number.MAX_SAFE_INTEGER);
    expect(spool.bytesOnDisk).toBeLessThan(130_000);
    expect(spool.lastSegmentIndex).toBeGreaterThanOrEqual(8);
    expect(ticket?.isWritten).toBe(true);
    spool.close();
    const found = await left();
    expect(found.events.filter(({ outcome }) => outcome === "interrupted").map(({ id }) => id)).toEqual([idOf(0)]);
  });

  it("refuses calls when it is full, and counts what it does not take", async () => {
    const spool = newSpool({ bytesMax: 500 });
    await record(spool, 1);
    expect(spool.isAccepting).toBe(false);
    expect(await spool.intent(idOf(9), intentOf(idOf(9)))).toBeNull();
    spool.outcome(eventOf(idOf(9)), null);
    expect(spool.refused).toBe(1);
    const events = await drain(new LiveSource(spool));
    expect(events.length).toBe(spool.durableSequence);
    spool.close();
  });

  it("loses nothing that was begun when the disk fills in the middle of it, and goes on when there is room", async () => {
    let hasRoom = true;
    const files: SegmentFileSystem = {
      ...realFileSystem,
      write: (fd, bytes, length, position) => {
        if (hasRoom) return realFileSystem.write(fd, bytes, length, position);
        // A full disk takes what still fits.
        if (length > 10) realFileSystem.write(fd, bytes, 10, position);
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      },
    };
    const spool = newSpool({ files });
    const begun = await spool.intent(idOf(0), intentOf(idOf(0)));
    hasRoom = false;
    const refused = await spool.intent(idOf(1), intentOf(idOf(1)));
    expect([begun?.isWritten, refused?.isWritten]).toEqual([true, false]);
    expect(await spool.intent(idOf(2), intentOf(idOf(2)))).toBeNull();
    spool.outcome(eventOf(idOf(0)), begun);
    spool.outcome(eventOf(idOf(1), { outcome: "denied", status: 503 }), refused);
    spool.outcome(eventOf(idOf(2), { outcome: "denied", status: 503 }), null);
    expect(spool.refused).toBe(1);
    hasRoom = true;
    await spool.settle(2_000);
    expect(spool.isAccepting).toBe(true);
    spool.close();
    const { events } = await left();
    expect(events.map(({ id, outcome }) => [id, outcome])).toEqual([
      [idOf(0), "ok"],
      [idOf(1), "denied"],
    ]);
  });
});

describe("a damaged spool", () => {
  const CALLS = 12;
  let whole: Buffer;
  let reference: UsageEvent[];
  const file = () => join(home.path, "spl_1", "00000001.log");

  beforeEach(async () => {
    const spool = newSpool();
    await record(spool, CALLS, [4]);
    spool.close();
    whole = await readFile(file());
    reference = (await left()).events;
    expect(reference.length).toBe(CALLS);
  });

  it("gives back every whole record, wherever it was cut or a bit was flipped, and each call at most once", async () => {
    const damage = fc.oneof(
      fc.nat().map((at) => (bytes: Buffer) => bytes.subarray(0, at % (bytes.length + 1))),
      fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ mask;
        return copy;
      }),
      fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 300 })).map(([at, noise]) => (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        copy.set(noise.subarray(0, copy.length - (at % copy.length)), at % copy.length);
        return copy;
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (apply) => {
        const bytes = apply(whole);
        await writeFile(file(), bytes);
        const { events } = await left();
        expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
        expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(events.length);
        const sequences = events.map(({ sequence }) => sequence);
        expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
        const known = new Map(reference.map((event) => [event.id, event]));
        for (const event of events) {
          const original = known.get(event.id);
          if (event.outcome === "ok") expect(event).toEqual(original);
          else expect(event.outcome).toBe("interrupted");
        }
        // A stretch of at most 300 bytes touches at most two records, so at most one call is wholly gone.
        if (bytes.length === whole.length) expect(events.length).toBeGreaterThanOrEqual(CALLS - 1);
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it("keeps its place in the row: an event whose record is torn out is replaced under its own sequence", async () => {
    const at = whole.indexOf('"sequence":6,');
    const bytes = Buffer.from(whole);
    bytes[at + 3] = 0;
    await writeFile(file(), bytes);
    const { events } = await left();
    const torn = reference.find(({ sequence }) => sequence === 6);
    expect(events.filter(({ outcome }) => outcome === "interrupted").map(({ sequence }) => sequence)).toContain(6);
    expect(events.map(({ id }) => id)).toContain(torn?.id);
    expect(events.length).toBe(CALLS);
  });

  it("is read again in full when the process dies during recovery", async () => {
    await mkdir(join(home.path, "copy"));
    await copyFile(file(), join(home.path, "copy", "00000001.log"));
    const again = new LeftSource(home.path, "copy");
    await again.open(noPrice);
    await again.peek(3);
    const once = new LeftSource(home.path, "copy");
    await once.open(noPrice);
    expect((await drain(once)).map(({ id }) => id)).toEqual(reference.map(({ id }) => id));
  });
});

describe("the reporter", () => {
  it("sends again what was not acknowledged, and puts aside the one event that is refused for good", async () => {
    const spool = newSpool();
    await record(spool, 20);
    const source = new LiveSource(spool);
    const got: string[] = [];
    let isAway = true;
    const reporter = reporterTo(async (body) => {
      if (isAway) throw new ControlAnswer(503, "unavailable");
      const { events } = UsageBatch.parse(JSON.parse(body.toString()));
      if (events.some(({ id }) => id === idOf(7))) throw new ControlAnswer(422, "invalid_request");
      got.push(...events.map(({ id }) => id));
      return { throughSequence: events.at(-1)?.sequence ?? 0 };
    });
    await expect(reporter.sendOnce(source)).rejects.toThrow("503");
    isAway = false;
    while ((await reporter.sendOnce(source)) > 0) {}
    expect(got).toEqual(Array.from({ length: 20 }, (_, call) => idOf(call)).filter((id) => id !== idOf(7)));
    expect(reporter.quarantined).toBe(1);
    expect(await readFile(join(home.path, "refused-events.jsonl"), "utf8")).toContain(idOf(7));
    expect(spool.isDrained).toBe(true);
    spool.close();
  });
});
