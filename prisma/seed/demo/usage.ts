import type { Tx } from "#lib/db/client.ts";
import { addRouteUse, addToRollups, ingestUsage } from "#lib/domain/usage/index.ts";
import { callsOfHour, type SeededCall } from "./call.ts";
import { type Catalogue, readCatalogue } from "./catalogue.ts";
import { DAY_MS, HOUR_MS } from "./rhythm.ts";
import type { Stage } from "./stage.ts";

export interface UsagePlan {
  /** How far back the sums go, and how far the single calls. */
  days: number;
  rawDays: number;
  /** Days before now that have sums by the hour. */
  hourDays: number;
  /** 1 for the whole, less for a test. */
  volume: number;
}

export const WHOLE_USAGE: UsagePlan = { days: 90, rawDays: 3, hourDays: 16, volume: 1 };

/** One life of a spool: the same name in every run, so that nothing is counted twice. */
const INCARNATION = "seed-demo";
const BATCH = 500;
/** The nodes were last heard of then. */
const SILENT_MS = 120_000;

/**
 * Writes the calls: sums alone for the days that lie back, single calls with their sums (as a node would send them)
 * from midnight UTC some days ago. Returns how many there are of each.
 */
export async function writeUsage(stage: Stage, plan: UsagePlan): Promise<{ summed: number; single: number }> {
  const { tx, nowMs } = stage;
  const catalogue = await readCatalogue(tx, nowMs);
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const rawFromMs = todayMs - plan.rawDays * DAY_MS;
  const untilMs = nowMs - SILENT_MS;
  await tx.$queryRaw`SELECT turnpike_create_usage_days(${new Date(rawFromMs)}::date, ${new Date(todayMs + DAY_MS)}::date)`;
  let summed = 0;
  for (let dayMs = todayMs - plan.days * DAY_MS; dayMs < rawFromMs; dayMs += DAY_MS) {
    const calls = callsOfDay(catalogue, dayMs, nowMs, plan.volume, untilMs);
    const grains = dayMs >= todayMs - plan.hourDays * DAY_MS ? (["hour", "day"] as const) : (["day"] as const);
    await writeSums(tx, calls, grains);
    summed += calls.length;
  }
  const single = await writeSingle(stage, catalogue, { fromMs: rawFromMs, untilMs, volume: plan.volume });
  return { summed, single };
}

function callsOfDay(catalogue: Catalogue, dayMs: number, nowMs: number, volume: number, untilMs: number) {
  const hours = Array.from({ length: 24 }, (_, hour) => dayMs + hour * HOUR_MS);
  return hours
    .filter((hourMs) => hourMs < untilMs)
    .flatMap((hourMs) => callsOfHour(catalogue, hourMs, nowMs, volume, untilMs));
}

async function writeSums(tx: Tx, calls: readonly SeededCall[], grains: readonly ("hour" | "day")[]): Promise<void> {
  for (const [nodeId, ofNode] of Map.groupBy(calls, (call) => call.nodeId)) {
    const owned = ofNode.map(({ event }) => ({ ...event, teamId: event.teamId ?? "" }));
    await addToRollups(tx, owned, nodeId, grains);
    if (grains.includes("day")) await addRouteUse(tx, owned);
  }
}

async function writeSingle(
  stage: Stage,
  catalogue: Catalogue,
  span: { fromMs: number; untilMs: number; volume: number },
): Promise<number> {
  const sequences = new Map<string, number>();
  let count = 0;
  for (let dayMs = span.fromMs; dayMs < span.untilMs; dayMs += DAY_MS) {
    const calls = callsOfDay(catalogue, dayMs, stage.nowMs, span.volume, span.untilMs);
    for (const [nodeId, ofNode] of Map.groupBy(calls, (call) => call.nodeId)) {
      for (let from = 0; from < ofNode.length; from += BATCH) {
        const start = sequences.get(nodeId) ?? 0;
        const events = ofNode
          .slice(from, from + BATCH)
          .map(({ event }, place) => ({ ...event, sequence: start + place + 1 }));
        sequences.set(nodeId, start + events.length);
        await ingestUsage(stage.system, { nodeId, batch: { incarnation: INCARNATION, events } });
      }
    }
    count += calls.length;
  }
  return count;
}
