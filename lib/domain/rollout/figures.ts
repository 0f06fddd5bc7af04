import { z } from "zod";
import { durationBinEndMs } from "../../contract/latency-scale.ts";
import { NodeTraffic, RevisionTraffic } from "../../contract/node-protocol.ts";

/** What calls came to: how many went well, failed, were refused by policy, and how long those that went well took. */
export interface Figures {
  ok: number;
  failed: number;
  refused: number;
  /** By bin of the scale of durations. */
  durations: ReadonlyMap<number, number>;
}

/** A node's sums by revision: of the process that reports now, and of the ones it was before. */
export const KeptTraffic = z.object({ now: NodeTraffic, before: z.array(RevisionTraffic) });
export type KeptTraffic = z.infer<typeof KeptTraffic>;

const NONE: Figures = { ok: 0, failed: 0, refused: 0, durations: new Map() };

/** The figures of both together. */
export function plus(left: Figures, right: Figures): Figures {
  return combined(left, right, (a, b) => a + b);
}

/** What `left` has that `right` has not. Never below zero. */
export function minus(left: Figures, right: Figures): Figures {
  return combined(left, right, (a, b) => Math.max(0, a - b));
}

function combined(left: Figures, right: Figures, operation: (a: number, b: number) => number): Figures {
  const durations = new Map<number, number>();
  for (const bin of new Set([...left.durations.keys(), ...right.durations.keys()]))
    durations.set(bin, operation(left.durations.get(bin) ?? 0, right.durations.get(bin) ?? 0));
  return {
    ok: operation(left.ok, right.ok),
    failed: operation(left.failed, right.failed),
    refused: operation(left.refused, right.refused),
    durations,
  };
}

/** The sum of many. */
export function sumOf(all: readonly Figures[]): Figures {
  return all.reduce(plus, NONE);
}

/** What a node's calls came to under a revision, over all the processes it was. */
export function figuresUnder(kept: KeptTraffic | null, revision: number): Figures {
  const parts = [...(kept?.now.revisions ?? []), ...(kept?.before ?? [])].filter((each) => each.revision === revision);
  return sumOf(parts.map((part) => ({ ...part, durations: new Map(part.durations) })));
}

/** Revisions that sums of earlier processes are kept of: the newest. */
const REVISIONS_BEFORE = 4;

/**
 * What is kept of a node's sums once it has reported new ones. A process that began anew counts from zero: what the one
 * before it had counted is added to what was before.
 */
export function keepTraffic(kept: KeptTraffic | null, reported: NodeTraffic): KeptTraffic {
  if (kept === null) return { now: reported, before: [] };
  if (kept.now.process === reported.process) return { ...kept, now: reported };
  const known = new Set([...kept.now.revisions, ...kept.before].map(({ revision }) => revision));
  const newest = [...known].toSorted((a, b) => b - a).slice(0, REVISIONS_BEFORE);
  const before = newest.map((revision) => {
    const figures = figuresUnder(kept, revision);
    return { revision, ...figures, durations: [...figures.durations] };
  });
  return { now: reported, before };
}

/** All calls that were counted. */
export function callsOf({ ok, failed, refused }: Figures): number {
  return ok + failed + refused;
}

/** The duration that the given share of the calls that went well stayed below, in milliseconds; null without calls. */
export function quantileMs({ durations }: Figures, share: number): number | null {
  const bins = [...durations].filter(([, calls]) => calls > 0).toSorted(([a], [b]) => a - b);
  const wanted = share * bins.reduce((sum, [, calls]) => sum + calls, 0);
  let below = 0;
  for (const [bin, calls] of bins) {
    below += calls;
    // The last bin has no end: where it begins.
    if (below >= wanted)
      return Number.isFinite(durationBinEndMs(bin)) ? durationBinEndMs(bin) : durationBinEndMs(bin - 1);
  }
  return null;
}

/** How many of the calls that went well may have taken longer than a bin's end. */
export function slowerThanBin({ durations }: Figures, bin: number): number {
  return [...durations].reduce((sum, [each, calls]) => (each > bin ? sum + calls : sum), 0);
}
