import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { AnswerCache } from "#gateway/cache/answer-cache.ts";
import type { UpstreamFleet } from "#gateway/health/fleet.ts";
import type { CallLimits } from "#gateway/limits/call-limits.ts";
import type { Call } from "#gateway/pipeline/call.ts";
import type { TlsServing } from "#gateway/server/tls-serving.ts";
import { addCacheMetrics } from "./cache-metrics.ts";
import { CallFigures } from "./call-figures.ts";
import { addHealthMetrics } from "./health-metrics.ts";
import { addLimitMetrics } from "./limit-metrics.ts";
import { addTlsMetrics } from "./tls-metrics.ts";

/** Figures that are read when somebody asks. */
export interface GaugeSource {
  revision(): number;
  callsInFlight(): number;
  spoolEvents(): number;
  spoolBytes(): number;
  spoolRefused(): number;
  eventsQuarantined(): number;
  streamConnected(): boolean;
  denialsUnrecorded(): number;
  healthEventsDropped(): number;
  /** Null for a node without TLS. */
  readonly tls: TlsServing | null;
  readonly fleet: UpstreamFleet;
  readonly answers: AnswerCache;
  readonly limits: CallLimits;
}

/** Prometheus metrics. Labels are route names and closed vocabularies, never paths, keys or what a caller wrote. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly calls: CallFigures;

  constructor(source: GaugeSource) {
    collectDefaultMetrics({ register: this.registry });
    this.calls = new CallFigures(this.registry);
    this.addGauges(source);
    addHealthMetrics(this.registry, source.fleet);
    if (source.tls !== null) addTlsMetrics(this.registry, source.tls);
    addCacheMetrics(this.registry, source.answers);
    addLimitMetrics(this.registry, source.limits);
  }

  private addGauges(source: GaugeSource): void {
    const gauges: readonly (readonly [string, string, () => number])[] = [
      ["turnpike_revision", "The revision in force", source.revision],
      ["turnpike_calls_in_flight", "Calls under way", source.callsInFlight],
      [
        "turnpike_health_events_dropped_total",
        "Changes of health that the control plane was away too long for",
        source.healthEventsDropped,
      ],
      ["turnpike_spool_events", "Usage events not yet acknowledged", source.spoolEvents],
      ["turnpike_spool_bytes", "Bytes of the spool on disk", source.spoolBytes],
      ["turnpike_spool_refused_total", "Events that the spool could not take", source.spoolRefused],
      ["turnpike_events_quarantined_total", "Events that the control plane refused for good", source.eventsQuarantined],
      [
        "turnpike_denials_unrecorded_total",
        "Refusals beyond the bound of what is recorded one by one",
        source.denialsUnrecorded,
      ],
      [
        "turnpike_control_connected",
        "1 while the stream to the control plane is open",
        () => Number(source.streamConnected()),
      ],
    ];
    for (const [name, help, read] of gauges) {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read());
        },
      });
    }
  }

  /** A call is over. Hot path. */
  finished(call: Call, seconds: number): void {
    this.calls.add(call, seconds);
  }

  readonly contentType = "text/plain; version=0.0.4; charset=utf-8";

  async text(): Promise<string> {
    this.calls.flush();
    return await this.registry.metrics();
  }
}
