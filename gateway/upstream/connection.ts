import type { Socket } from "node:net";
import type { Carrier, Exchange } from "./exchange.ts";
import { type ConnectTarget, connectGuarded } from "./guarded-connector.ts";
import { ResponseParser } from "./response-parser.ts";
import type { UpstreamFailure } from "./sink.ts";

/**
 * What all sockets read into: what was read is taken apart before the next read, and copied where it is kept. So a
 * connection that waits holds no buffer.
 */
const READ = Buffer.allocUnsafeSlow(64 * 1_024);
/**
 * A connection that breaks at once after it has been idle was closed at the other end before the request arrived; one
 * that was busy until now, or breaks later, may have broken over the request itself, which is then not sent again.
 */
const STALE_IDLE_MS_MIN = 1_000;
const STALE_ANSWER_MS_MAX = 1_000;
/** What is taken off a server's own word on how long it keeps an idle connection: the way there takes time. */
const KEEP_ALIVE_MARGIN_MS = 1_000;

/** What a connection tells the pool it belongs to. */
export interface ConnectionOwner {
  readonly session: Buffer | undefined;
  keepSession(session: Buffer): void;
  /** It is open and has nothing to do. */
  idle(connection: Connection, nowMs: number): void;
  /** It must not be used any more; `closed` follows. */
  closing(connection: Connection): void;
  closed(connection: Connection): void;
  /** The connection was closed before it was used again: the exchange needs another one, newly made. */
  sendAnew(exchange: Exchange): void;
}

/** One connection to an upstream: carries one exchange at a time and is never used again after anything unusual. */
export class Connection implements Carrier {
  private readonly owner: ConnectionOwner;
  private readonly socket: Socket;
  private readonly parser = new ResponseParser();
  private exchange: Exchange | null;
  private isOpen = false;
  /** Since when it has been idle; null before its first response. */
  private idleSinceMs: number | null = null;
  private sentMs = 0;
  private failure: UpstreamFailure = "connect";
  /** How long the upstream lets it lie idle. */
  idleMsMax = Number.POSITIVE_INFINITY;
  /** Until when it does; set by the pool. */
  idleUntilMs = 0;

  /** Begins to connect for its first exchange. Throws `AddressNotAllowed`. */
  constructor(owner: ConnectionOwner, target: ConnectTarget, exchange: Exchange) {
    this.owner = owner;
    this.exchange = exchange;
    exchange.carriedBy(this);
    this.socket = connectGuarded(
      target,
      { buffer: READ, callback: (count) => this.read(READ.subarray(0, count)) },
      owner.session,
    );
    this.socket.on(target.isTls ? "secureConnect" : "connect", () => this.opened());
    if (target.isTls) this.socket.on("session", (session: Buffer) => owner.keepSession(session));
    this.socket.on("end", () => this.ended());
    this.socket.on("error", (error) => this.failed(error));
    this.socket.on("close", () => this.closed());
  }

  /** Carries another exchange. Only for a connection that is idle. */
  carry(exchange: Exchange): void {
    this.exchange = exchange;
    exchange.carriedBy(this);
    this.send(exchange);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  abandon(): void {
    this.exchange = null;
    this.destroy();
  }

  /** Closes it at once; an exchange it carries fails. */
  destroy(): void {
    this.owner.closing(this);
    this.socket.destroy();
  }

  private opened(): void {
    this.isOpen = true;
    this.failure = "reset";
    if (this.exchange !== null) this.send(this.exchange);
  }

  private send(exchange: Exchange): void {
    const { first, rest } = exchange.bytes;
    this.parser.begin(exchange, exchange.isHeadRequest);
    this.sentMs = performance.now();
    exchange.sent(this.sentMs);
    if (rest === null) {
      this.socket.write(first, "latin1");
      return;
    }
    this.socket.cork();
    this.socket.write(first, "latin1");
    this.socket.write(rest);
    this.socket.uncork();
  }

  /** Returns whether to go on reading. */
  private read(bytes: Buffer): boolean {
    // Bytes nobody asked for: an answer to a request that was not made, or more than one to one that was.
    if (this.exchange === null) {
      this.destroy();
      return false;
    }
    const state = this.parser.push(bytes);
    // Whoever was told of these bytes gave the exchange up: the connection is closed, and serves nobody else.
    if (this.exchange === null) return false;
    if (state === "whole") this.responded(this.parser.end < bytes.length);
    else if (state === "broken") this.breakOff();
    return true;
  }

  private responded(hasMore: boolean): void {
    const { exchange } = this;
    this.exchange = null;
    const { keepAliveMs, isPersistent } = this.parser;
    this.idleMsMax = keepAliveMs === null ? Number.POSITIVE_INFINITY : keepAliveMs - KEEP_ALIVE_MARGIN_MS;
    // A request that is still being written was answered early: the rest of it would be taken for the next one.
    if (hasMore || !isPersistent || this.idleMsMax <= 0 || this.socket.writableLength > 0) this.destroy();
    else {
      if (exchange?.isPaused) this.socket.resume();
      this.idleSinceMs = performance.now();
      this.owner.idle(this, this.idleSinceMs);
    }
    exchange?.end();
  }

  private breakOff(): void {
    const { exchange } = this;
    this.exchange = null;
    this.destroy();
    exchange?.broken("reset");
  }

  /** The upstream has closed its side. */
  private ended(): void {
    if (this.exchange !== null && this.isOpen && this.parser.hasBegun && this.parser.finish() === "whole") {
      this.responded(true);
    } else this.destroy();
  }

  private failed(error: Error): void {
    if ("code" in error && error.code === "ADDRESS_NOT_ALLOWED") this.failure = "address_not_allowed";
  }

  private closed(): void {
    this.owner.closed(this);
    const { exchange } = this;
    this.exchange = null;
    if (exchange === null || exchange.isOver) return;
    if (this.isStale() && exchange.mayBeSentAnew) {
      exchange.isSecondSending = true;
      this.owner.sendAnew(exchange);
    } else exchange.broken(this.failure);
  }

  private isStale(): boolean {
    if (this.idleSinceMs === null || this.parser.hasBegun) return false;
    const idleMs = this.sentMs - this.idleSinceMs;
    return idleMs >= STALE_IDLE_MS_MIN && performance.now() - this.sentMs <= STALE_ANSWER_MS_MAX;
  }
}
