import { DURATION_BINS, durationBin } from "#lib/contract/latency-scale.ts";
import { type NodeTraffic, REPORTED_REVISIONS_MAX, type RevisionTraffic } from "#lib/contract/node-protocol.ts";
import type { CallOutcome } from "#lib/contract/usage-event.ts";

interface Sums {
  ok: number;
  failed: number;
  refused: number;
  readonly durations: Float64Array;
}

/**
 * Counts what calls came to, by the revision they were served under: what a rollout is judged by. Only calls of known
 * callers count, since whoever knocks with a wrong key says nothing of a revision. Bounded: the newest few revisions.
 */
export class RevisionTrafficMeter {
  private readonly process: string;
  private readonly revisions = new Map<number, Sums>();

  /** `process` names this life of the node. */
  constructor(process: string) {
    this.process = process;
  }

  /** A call is over. Hot path. */
  counted(revision: number, outcome: CallOutcome, durationMs: number): void {
    if (outcome === "cancelled") return;
    const sums = this.revisions.get(revision) ?? this.begin(revision);
    if (outcome === "ok") {
      sums.ok += 1;
      const bin = durationBin(durationMs);
      sums.durations[bin] = (sums.durations[bin] ?? 0) + 1;
    } else if (outcome === "denied") sums.refused += 1;
    else sums.failed += 1;
  }

  /** The part of a report that tells of it. */
  reported(): { traffic?: NodeTraffic } {
    if (this.revisions.size === 0) return {};
    const revisions = [...this.revisions].map(([revision, sums]) => told(revision, sums));
    return { traffic: { process: this.process, revisions } };
  }

  private begin(revision: number): Sums {
    const sums = { ok: 0, failed: 0, refused: 0, durations: new Float64Array(DURATION_BINS) };
    this.revisions.set(revision, sums);
    if (this.revisions.size > REPORTED_REVISIONS_MAX) this.revisions.delete(Math.min(...this.revisions.keys()));
    return sums;
  }
}

function told(revision: number, { ok, failed, refused, durations }: Sums): RevisionTraffic {
  const filled: [number, number][] = [];
  for (const [bin, calls] of durations.entries()) if (calls > 0) filled.push([bin, calls]);
  return { revision, ok, failed, refused, durations: filled };
}
