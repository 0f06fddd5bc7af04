import { Counter, Histogram, type Registry } from "prom-client";
import type { Call } from "#gateway/pipeline/call.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Durations of one route that wait to be observed: they go in one go, so that finding their buckets stays in the cache. */
const WAITING_MAX = 256;

/** How often each pair of words was met since it was last asked. */
class PairCounts {
  private readonly counts = new Map<string, Map<string, number>>();

  add(first: string, second: string): void {
    let row = this.counts.get(first);
    if (row === undefined) {
      row = new Map();
      this.counts.set(first, row);
    }
    row.set(second, (row.get(second) ?? 0) + 1);
  }

  drain(take: (first: string, second: string, count: number) => void): void {
    for (const [first, row] of this.counts) for (const [second, count] of row) take(first, second, count);
    this.counts.clear();
  }
}

/** What a route's calls came to since they were last counted. Numbers only: nothing of a call is kept. */
class RouteFigures {
  readonly ends = new PairCounts();
  seconds: number[] = [];
  inputTokens = 0;
  outputTokens = 0;
}

/**
 * Counts calls and attempts. Summed up in plain numbers for each call, and handed to the metrics when somebody asks, since
 * finding a metric by its labels costs more than all that is counted of a call.
 */
export class CallFigures {
  private readonly calls: Counter<"route" | "outcome" | "code">;
  private readonly durations: Histogram<"route">;
  private readonly tokens: Counter<"route" | "direction">;
  private readonly attempts: Counter<"upstream" | "result">;
  private readonly retries: Counter<"upstream">;
  private readonly routes = new Map<string, RouteFigures>();
  private readonly attemptEnds = new PairCounts();
  private readonly retried = new Map<string, number>();

  constructor(registry: Registry) {
    const registers = [registry];
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
  }

  /** A call is over. Hot path. */
  add({ route, usage, outcome, errorCode, attempts }: Call, seconds: number): void {
    const name = route?.name ?? "";
    let figures = this.routes.get(name);
    if (figures === undefined) {
      figures = new RouteFigures();
      this.routes.set(name, figures);
    }
    figures.ends.add(outcome, errorCode ?? "");
    figures.inputTokens += usage.inputTokens;
    figures.outputTokens += usage.outputTokens;
    figures.seconds.push(seconds);
    if (figures.seconds.length >= WAITING_MAX) this.observe(name, figures);
    for (let place = 0; place < attempts.length; place++) this.addAttempt(attempts[place], place > 0);
  }

  private addAttempt(attempt: AttemptRecord | undefined, isRetry: boolean): void {
    if (attempt === undefined) return;
    const { upstreamName, error } = attempt;
    this.attemptEnds.add(upstreamName, error ?? "ok");
    if (isRetry) this.retried.set(upstreamName, (this.retried.get(upstreamName) ?? 0) + 1);
  }

  private observe(route: string, figures: RouteFigures): void {
    const labels = { route };
    for (const seconds of figures.seconds) this.durations.observe(labels, seconds);
    figures.seconds = [];
  }

  /** Hands over what was counted since the last time. */
  flush(): void {
    for (const [route, figures] of this.routes) {
      this.observe(route, figures);
      figures.ends.drain((outcome, code, count) => this.calls.inc({ route, outcome, code }, count));
      if (figures.inputTokens > 0) this.tokens.inc({ route, direction: "input" }, figures.inputTokens);
      if (figures.outputTokens > 0) this.tokens.inc({ route, direction: "output" }, figures.outputTokens);
    }
    this.routes.clear();
    this.attemptEnds.drain((upstream, result, count) => this.attempts.inc({ upstream, result }, count));
    for (const [upstream, count] of this.retried) this.retries.inc({ upstream }, count);
    this.retried.clear();
  }
}
