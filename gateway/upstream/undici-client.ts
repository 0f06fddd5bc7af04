import type { IncomingHttpHeaders } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { guardedConnector } from "./guarded-connector.ts";
import type { UpstreamClient, UpstreamExchange, UpstreamFailure, UpstreamRequest, UpstreamSink } from "./sink.ts";

/** The longest any upstream may be allowed for connecting; each exchange's own bound is kept by its deadline. */
const CONNECT_MS_MAX = 60_000;
/** Below what common servers keep (5 s): a connection that they close first costs a failed attempt. */
const KEEP_ALIVE_MS = 4_000;
const TICK_MS = 20;
/** Origins whose connections are kept; beyond this the oldest is closed. */
const POOLS_MAX = 512;

const CANCELLED = new Error("cancelled");

/** One request under way: undici's handler on one side, our sink on the other, and all of its deadlines. */
class Exchange implements Dispatcher.DispatchHandler, UpstreamExchange {
  private readonly request: UpstreamRequest;
  private readonly sink: UpstreamSink;
  private readonly live: Set<Exchange>;
  private controller: Dispatcher.DispatchController | null = null;
  private phase: "connecting" | "waiting" | "reading" | "over" = "connecting";
  /** When the present phase began, or the last byte came. */
  private sinceMs: number;
  private isPaused = false;

  constructor(request: UpstreamRequest, sink: UpstreamSink, live: Set<Exchange>, nowMs: number) {
    this.request = request;
    this.sink = sink;
    this.live = live;
    this.sinceMs = nowMs;
    live.add(this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.phase === "over") {
      controller.abort(CANCELLED);
      return;
    }
    this.phase = "waiting";
    this.sinceMs = performance.now();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.phase === "over" || status < 200) return;
    this.phase = "reading";
    this.sinceMs = performance.now();
    this.sink.head(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.phase === "over") return;
    this.sinceMs = performance.now();
    this.sink.data(chunk);
  }

  onResponseEnd(): void {
    if (!this.finish()) return;
    this.sink.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const phase = this.phase;
    if (!this.finish()) return;
    this.sink.error(failureOf(phase, error));
  }

  pause(): void {
    if (this.phase === "over") return;
    this.isPaused = true;
    this.controller?.pause();
  }

  resume(): void {
    if (this.phase === "over" || !this.isPaused) return;
    this.isPaused = false;
    this.sinceMs = performance.now();
    this.controller?.resume();
  }

  cancel(): void {
    this.fail("cancelled");
  }

  /** Ends the exchange if one of its times is up. A paused one waits for the caller, whom `totalMs` bounds. */
  check(nowMs: number): void {
    if (nowMs >= this.request.deadlineMs) this.fail("timeout_total");
    else if (this.phase === "connecting" && nowMs - this.sinceMs >= this.request.connectMs)
      this.fail("timeout_connect");
    else if (this.phase === "waiting" && nowMs - this.sinceMs >= this.request.firstByteMs) {
      this.fail("timeout_first_byte");
    } else if (this.phase === "reading" && !this.isPaused && nowMs - this.sinceMs >= this.request.idleMs) {
      this.fail("timeout_idle");
    }
  }

  private fail(failure: UpstreamFailure): void {
    if (!this.finish()) return;
    this.sink.error(failure);
    this.controller?.abort(CANCELLED);
  }

  private finish(): boolean {
    if (this.phase === "over") return false;
    this.phase = "over";
    this.live.delete(this);
    return true;
  }
}

function failureOf(phase: string, error: Error): UpstreamFailure {
  if ("code" in error && error.code === "ADDRESS_NOT_ALLOWED") return "address_not_allowed";
  if ("code" in error && error.code === "UND_ERR_CONNECT_TIMEOUT") return "timeout_connect";
  return phase === "connecting" ? "connect" : "reset";
}

/**
 * The upstream client on undici's dispatch: one pool of kept-alive connections per origin and address policy, one ticking
 * check of deadlines for all exchanges instead of timers for each. Redirects are not followed.
 */
export class UndiciUpstreamClient implements UpstreamClient {
  private readonly pools = new Map<string, Pool>();
  private readonly live = new Set<Exchange>();
  private ticker: NodeJS.Timeout | null = null;

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange {
    const exchange = new Exchange(request, sink, this.live, performance.now());
    this.ticker ??= setInterval(this.tick, TICK_MS);
    this.poolOf(request).dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method ?? "POST",
        headers: request.headers,
        body: request.body.length === 0 ? null : request.body,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
    return exchange;
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    if (this.ticker !== null) clearInterval(this.ticker);
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private readonly tick = (): void => {
    const nowMs = performance.now();
    for (const exchange of this.live) exchange.check(nowMs);
    if (this.live.size > 0 || this.ticker === null) return;
    clearInterval(this.ticker);
    this.ticker = null;
  };

  private poolOf({ origin, allowPrivateNetwork }: UpstreamRequest): Pool {
    const key = allowPrivateNetwork ? `private ${origin}` : origin;
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    if (this.pools.size >= POOLS_MAX) this.dropOldest();
    const pool = new Pool(origin, {
      connect: guardedConnector(allowPrivateNetwork, CONNECT_MS_MAX),
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      pipelining: 1,
    });
    this.pools.set(key, pool);
    return pool;
  }

  private dropOldest(): void {
    const [oldest] = this.pools;
    if (oldest === undefined) return;
    this.pools.delete(oldest[0]);
    void oldest[1].close();
  }
}
