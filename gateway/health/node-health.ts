import type { Snapshot } from "#gateway/snapshot/snapshot.ts";
import type { HealthEntry, NodeEvent } from "#lib/contract/node-event.ts";
import { type FleetOptions, UpstreamFleet } from "./fleet.ts";
import { healthEntries } from "./health-entries.ts";
import { HealthEvents } from "./health-events.ts";
import type { HealthChange } from "./judge.ts";
import type { PathProbeTools } from "./probe-path.ts";
import { HealthProber } from "./prober.ts";

/** A node's view of what it calls: the fleet, and what is told of it. */
export class NodeHealth {
  readonly fleet: UpstreamFleet;
  private readonly events: HealthEvents;
  private readonly nowMs: () => number;
  private readonly random: () => number;
  private prober: HealthProber | null = null;

  constructor(
    options: Omit<FleetOptions, "onChange"> & { nowMs: () => number; onChange: (change: HealthChange) => void },
  ) {
    this.nowMs = options.nowMs;
    this.random = options.random;
    this.events = new HealthEvents(options.nowMs);
    this.fleet = new UpstreamFleet({
      credentialsOf: options.credentialsOf,
      upstreamWaitMs: options.upstreamWaitMs,
      monotonicMs: options.monotonicMs,
      random: options.random,
      onChange: (change) => {
        this.events.add(change);
        options.onChange(change);
      },
    });
  }

  /** Begins to probe, as the upstreams' settings say. */
  startProbes(tools: PathProbeTools): void {
    this.prober ??= new HealthProber(this.fleet, tools, this.random);
  }

  stop(): void {
    this.prober?.stop();
  }

  /** A new snapshot is in force. */
  retain(snapshot: Snapshot): void {
    this.fleet.retain(snapshot);
  }

  /**
   * What a report says of health: what is not wholly in service, and what changed since the last report that was taken.
   * Left out where there is nothing, so that a control plane of an earlier release takes the report.
   */
  reported(): { health?: HealthEntry[]; events?: NodeEvent[] } {
    const aheadMs = this.nowMs() - this.fleet.monotonicMs();
    const health = healthEntries(this.fleet, (atMs) => new Date(atMs + aheadMs).toISOString());
    const events = this.events.offer();
    return { ...(health.length > 0 ? { health } : {}), ...(events.length > 0 ? { events } : {}) };
  }

  /** The control plane took the last report. Returns whether there are events that it did not carry. */
  taken(): boolean {
    return this.events.taken();
  }

  /** Changes that were dropped because the control plane was away for too long. */
  get eventsDropped(): number {
    return this.events.dropped;
  }
}
