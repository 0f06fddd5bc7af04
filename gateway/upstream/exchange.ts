import type { IncomingHttpHeaders } from "node:http";
import type { RequestBytes } from "./request-bytes.ts";
import type { ResponseReader } from "./response-parser.ts";
import type { UpstreamExchange, UpstreamFailure, UpstreamRequest, UpstreamSink } from "./sink.ts";

/** What an exchange needs of the connection that carries it. */
export interface Carrier {
  pause(): void;
  resume(): void;
  /** The exchange has ended in the middle: the connection cannot serve another. */
  abandon(): void;
}

/** One request under way: the connection's reader on one side, the sink on the other, and all of its deadlines. */
export class Exchange implements UpstreamExchange, ResponseReader {
  readonly request: UpstreamRequest;
  /** The request as it is written. */
  readonly bytes: RequestBytes;
  private readonly sink: UpstreamSink;
  private readonly live: Set<Exchange>;
  private carrier: Carrier | null = null;
  private phase: "connecting" | "waiting" | "reading" | "over" = "connecting";
  /** When the present phase began, or, to the tick, the last byte came. */
  private sinceMs: number;
  private hasMoved = false;
  /** Whether the sink takes nothing at the moment. */
  isPaused = false;
  /** Whether it was sent anew because the connection it was sent on turned out to be closed. */
  isSecondSending = false;

  constructor(request: UpstreamRequest, bytes: RequestBytes, sink: UpstreamSink, live: Set<Exchange>, nowMs: number) {
    this.request = request;
    this.bytes = bytes;
    this.sink = sink;
    this.live = live;
    this.sinceMs = nowMs;
    live.add(this);
  }

  get isOver(): boolean {
    return this.phase === "over";
  }

  get isHeadRequest(): boolean {
    return this.request.method === "HEAD";
  }

  /**
   * Whether it may be sent again where nothing says that the upstream has seen it (RFC 9112 9.3.1). A REST call names its
   * method, and what that does is not for us to do twice; a model that is asked again does no harm.
   */
  get mayBeSentAnew(): boolean {
    const { method } = this.request;
    return !this.isSecondSending && method !== "POST" && method !== "PATCH";
  }

  /** A connection is made for it, which may be given up with it. */
  carriedBy(carrier: Carrier): void {
    this.carrier = carrier;
  }

  /** The request is on its way. */
  sent(nowMs: number): void {
    this.phase = "waiting";
    this.sinceMs = nowMs;
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    if (this.phase === "over") return;
    this.phase = "reading";
    this.hasMoved = true;
    this.sink.head(status, headers);
  }

  data(chunk: Buffer): void {
    if (this.phase === "over") return;
    this.hasMoved = true;
    this.sink.data(chunk);
  }

  end(): void {
    if (this.finish()) this.sink.end();
  }

  /** The connection failed it. */
  broken(failure: UpstreamFailure): void {
    if (this.finish()) this.sink.error(failure);
  }

  pause(): void {
    if (this.phase === "over" || this.isPaused) return;
    this.isPaused = true;
    this.carrier?.pause();
  }

  resume(): void {
    if (this.phase === "over" || !this.isPaused) return;
    this.isPaused = false;
    this.hasMoved = true;
    this.carrier?.resume();
  }

  cancel(): void {
    this.giveUp("cancelled");
  }

  /** Ends the exchange if one of its times is up. A paused one waits for the caller, whom the whole call's time bounds. */
  check(nowMs: number): void {
    if (this.hasMoved || this.isPaused) {
      this.hasMoved = false;
      this.sinceMs = nowMs;
    }
    const { request, phase } = this;
    const spentMs = nowMs - this.sinceMs;
    if (nowMs >= request.deadlineMs) this.giveUp("timeout_total");
    else if (phase === "connecting" && spentMs >= request.connectMs) this.giveUp("timeout_connect");
    else if (phase === "waiting" && spentMs >= request.firstByteMs) this.giveUp("timeout_first_byte");
    else if (phase === "reading" && spentMs >= request.idleMs) this.giveUp("timeout_idle");
  }

  private giveUp(failure: UpstreamFailure): void {
    const { carrier } = this;
    if (!this.finish()) return;
    this.sink.error(failure);
    carrier?.abandon();
  }

  private finish(): boolean {
    if (this.phase === "over") return false;
    this.phase = "over";
    this.carrier = null;
    this.live.delete(this);
    return true;
  }
}
