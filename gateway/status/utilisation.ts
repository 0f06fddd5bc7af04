import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Utilisation } from "#lib/contract/node-protocol.ts";

/** Over less time than this a reading says nothing: what was read before still stands. */
const WINDOW_MS_MIN = 1_000;

/** Measures how busy the process is since the last time it was asked. */
export class UtilisationMeter {
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });
  private cpu = process.cpuUsage();
  private sinceMs = performance.now();
  private calls = 0;
  private last: Utilisation | null = null;

  constructor() {
    this.delay.enable();
  }

  /** A call is over. */
  counted(): void {
    this.calls += 1;
  }

  read(inFlight: number, spoolEvents: number): Utilisation {
    const nowMs = performance.now();
    const elapsedMs = Math.max(1, nowMs - this.sinceMs);
    if (this.last !== null && elapsedMs < WINDOW_MS_MIN) return { ...this.last, inFlight, spoolEvents };
    const spent = process.cpuUsage(this.cpu);
    const delayMs = this.delay.percentile(99) / 1e6;
    const reading: Utilisation = {
      cpu: (spent.user + spent.system) / 1_000 / elapsedMs,
      rssBytes: process.memoryUsage.rss(),
      // The monitor's own 20 ms tick is part of every reading.
      eventLoopDelayMs: Number.isFinite(delayMs) ? Math.max(0, delayMs - 20) : 0,
      inFlight,
      callsPerSecond: (this.calls * 1_000) / elapsedMs,
      spoolEvents,
    };
    this.cpu = process.cpuUsage();
    this.sinceMs = nowMs;
    this.calls = 0;
    this.delay.reset();
    this.last = reading;
    return reading;
  }

  stop(): void {
    this.delay.disable();
  }
}
