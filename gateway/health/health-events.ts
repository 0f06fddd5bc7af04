import { v7 as uuidv7 } from "uuid";
import { type NodeEvent, REPORTED_EVENTS_MAX } from "#lib/contract/node-event.ts";
import type { HealthChange } from "./judge.ts";

/** Changes that wait for the control plane; beyond this the oldest go, and it is said how many. */
const WAITING_MAX = 1_000;

/** What changed and has not been taken by the control plane yet: bounded, in order, sent again until it is taken. */
export class HealthEvents {
  private readonly nowMs: () => number;
  private waiting: NodeEvent[] = [];
  private offered = 0;
  private lost = 0;
  private count = 0;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Changes that were dropped because the control plane was away for too long. */
  get dropped(): number {
    return this.lost;
  }

  add({ kind, upstreamId, targetId, credentialId, reason }: HealthChange): void {
    const msecs = Math.floor(this.nowMs());
    const at = new Date(msecs).toISOString();
    // In the order in which they happened, by the same clock as `at`.
    this.count += 1;
    const id = `evt_${uuidv7({ msecs, seq: this.count }).replaceAll("-", "")}`;
    this.waiting.push({ id, at, kind, upstreamId, targetId, credentialId, reason: reason.slice(0, 200) });
    if (this.waiting.length <= WAITING_MAX) return;
    this.waiting.shift();
    this.lost += 1;
    this.offered = Math.max(0, this.offered - 1);
  }

  /** What the next report carries. */
  offer(): NodeEvent[] {
    const events = this.waiting.slice(0, REPORTED_EVENTS_MAX);
    this.offered = events.length;
    return events;
  }

  /** The report that carried what `offer` gave was taken. Returns whether there is more. */
  taken(): boolean {
    this.waiting.splice(0, this.offered);
    this.offered = 0;
    return this.waiting.length > 0;
  }
}
