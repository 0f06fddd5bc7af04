import { Exchange } from "./exchange.ts";
import { OriginPool } from "./origin-pool.ts";
import { requestBytes } from "./request-bytes.ts";
import type { UpstreamClient, UpstreamExchange, UpstreamRequest, UpstreamSink } from "./sink.ts";

const TICK_MS = 20;
/** How often idle connections are looked at, in ticks. */
const SWEEP_TICKS = 10;
/** Origins whose connections are kept; beyond this the oldest is given up. */
const POOLS_MAX = 512;

/**
 * The upstream client, in HTTP/1.1 and our own because the node writes those requests itself: one write per request, one
 * read buffer for all, a strict parser, kept-alive connections per origin and address policy, one ticking check of
 * deadlines for all exchanges instead of timers for each. Redirects are not followed, nothing is decompressed.
 */
export class HttpUpstreamClient implements UpstreamClient {
  private readonly options: { ca?: string; connectionsMax?: number };
  private readonly publicPools = new Map<string, OriginPool>();
  private readonly privatePools = new Map<string, OriginPool>();
  /** Given up for newer ones; kept until what they carry is over. */
  private readonly retired = new Set<OriginPool>();
  private readonly live = new Set<Exchange>();
  private ticker: NodeJS.Timeout | null = null;
  private ticks = 0;

  /** `ca`: certificates to trust instead of the usual authorities. `connectionsMax`: to one origin at a time. */
  constructor(options: { ca?: string; connectionsMax?: number } = {}) {
    this.options = options;
  }

  /** Throws `TypeError` for a request that must not be written. */
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange {
    const pool = this.poolOf(request);
    const bytes = requestBytes(request, pool.authority);
    const exchange = new Exchange(request, bytes, sink, this.live, performance.now());
    this.ticker ??= setInterval(this.tick, TICK_MS);
    pool.serve(exchange);
    return exchange;
  }

  /** Closes every connection at once. */
  close(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    this.ticker = null;
    for (const pools of [this.publicPools, this.privatePools]) for (const pool of pools.values()) pool.destroy();
    for (const pool of this.retired) pool.destroy();
    this.retired.clear();
  }

  private readonly tick = (): void => {
    const nowMs = performance.now();
    for (const exchange of this.live) exchange.check(nowMs);
    this.ticks += 1;
    if (this.ticks % SWEEP_TICKS !== 0) return;
    let isUsed = this.live.size > 0;
    for (const pools of [this.publicPools, this.privatePools]) {
      for (const pool of pools.values()) {
        pool.sweep(nowMs);
        isUsed ||= !pool.isUnused;
      }
    }
    for (const pool of this.retired) if (pool.isUnused) this.retired.delete(pool);
    if (isUsed || this.retired.size > 0 || this.ticker === null) return;
    clearInterval(this.ticker);
    this.ticker = null;
  };

  private poolOf({ origin, allowPrivateNetwork }: UpstreamRequest): OriginPool {
    const pools = allowPrivateNetwork ? this.privatePools : this.publicPools;
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new OriginPool(origin, allowPrivateNetwork, this.options);
    if (pools.size >= POOLS_MAX) this.retireOldest(pools);
    pools.set(origin, pool);
    return pool;
  }

  private retireOldest(pools: Map<string, OriginPool>): void {
    const [oldest] = pools;
    if (oldest === undefined) return;
    pools.delete(oldest[0]);
    oldest[1].retire();
    this.retired.add(oldest[1]);
  }
}
