import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AnswerCache } from "#gateway/cache/answer-cache.ts";
import type { UpstreamFleet } from "#gateway/health/fleet.ts";
import type { CallLimits } from "#gateway/limits/call-limits.ts";
import type { Call } from "#gateway/pipeline/call.ts";
import type { TlsServing } from "#gateway/server/tls-serving.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { addCacheMetrics } from "./cache-metrics.ts";
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

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Finished calls that wait to be counted; they are counted in one go, off the request path. */
const BATCH_MAX = 1_024;

/** What is kept of a call until it is counted: not the call, which holds its body. */
interface Observation {
  readonly route: string;
  readonly outcome: string;
  readonly code: string;
  readonly seconds: number;
  readonly usage: TokenUsage;
  readonly attempts: readonly AttemptRecord[];
}

/** What a counter gets from a whole batch: most calls of one are alike, and finding a counter by its labels is slow. */
interface Sum {
  readonly counter: Counter;
  readonly labels: Record<string, string>;
  count: number;
}

/** `labels`: names and values in turn. */
function add(sums: Map<string, Sum>, counter: Counter, count: number, ...labels: readonly string[]): void {
  const key = labels.join("\n");
  const known = sums.get(key);
  if (known !== undefined) {
    known.count += count;
    return;
  }
  const named: Record<string, string> = {};
  for (let place = 0; place + 1 < labels.length; place += 2) named[labels[place] ?? ""] = labels[place + 1] ?? "";
  sums.set(key, { counter, labels: named, count });
}

/** Prometheus metrics. Labels are route names and closed vocabularies, never paths, keys or what a caller wrote. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly calls: Counter<"route" | "outcome" | "code">;
  private readonly durations: Histogram<"route">;
  private readonly tokens: Counter<"route" | "direction">;
  private readonly attempts: Counter<"upstream" | "result">;
  private readonly retries: Counter<"upstream">;
  private waiting: Observation[] = [];

  constructor(source: GaugeSource) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.calls = new Counter({
      name: "turnpike_calls_total",
      help: "Calls by route, outcome and error code",
      labelNames: ["route", "outcome", "code"],
      registers,
    });
    this.durations = new Histogram({
      name: "turnpike_call_duration_seconds",
      help: "From the first byte of a call to the last byte of its answer",
      labelNames: ["route"],
      buckets: DURATION_BUCKETS,
      registers,
    });
    this.tokens = new Counter({
      name: "turnpike_tokens_total",
      help: "LLM tokens by route and direction",
      labelNames: ["route", "direction"],
      registers,
    });
    this.attempts = new Counter({
      name: "turnpike_upstream_attempts_total",
      help: "Attempts by upstream and result",
      labelNames: ["upstream", "result"],
      registers,
    });
    this.retries = new Counter({
      name: "turnpike_upstream_retries_total",
      help: "Attempts that followed another one of the same call, by the upstream they went to",
      labelNames: ["upstream"],
      registers,
    });
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

  /** A call is over. Cheap: it is counted later. */
  finished(call: Call, seconds: number): void {
    const { usage, attempts, outcome } = call;
    const route = call.route?.name ?? "";
    this.waiting.push({ route, outcome, code: call.errorCode ?? "", seconds, usage, attempts });
    if (this.waiting.length >= BATCH_MAX) this.countWaiting();
  }

  private countWaiting(): void {
    const sums = new Map<string, Sum>();
    for (const { route, outcome, code, seconds, usage, attempts } of this.waiting.splice(0)) {
      this.durations.observe({ route }, seconds);
      add(sums, this.calls, 1, "route", route, "outcome", outcome, "code", code);
      if (usage.inputTokens > 0) add(sums, this.tokens, usage.inputTokens, "route", route, "direction", "input");
      if (usage.outputTokens > 0) add(sums, this.tokens, usage.outputTokens, "route", route, "direction", "output");
      for (const [place, { upstreamName, error }] of attempts.entries()) {
        add(sums, this.attempts, 1, "upstream", upstreamName, "result", error ?? "ok");
        if (place > 0) add(sums, this.retries, 1, "upstream", upstreamName);
      }
    }
    for (const { counter, labels, count } of sums.values()) counter.inc(labels, count);
  }

  readonly contentType = "text/plain; version=0.0.4; charset=utf-8";

  async text(): Promise<string> {
    this.countWaiting();
    return await this.registry.metrics();
  }
}
