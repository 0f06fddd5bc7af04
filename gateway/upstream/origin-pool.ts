import { Connection, type ConnectionOwner } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import { AddressNotAllowed, type ConnectTarget, connectTarget } from "./guarded-connector.ts";

/** Below what common servers keep (5 s): a connection that they close first costs a second sending. */
const IDLE_MS_MAX = 3_500;
/** Connections to one origin at a time; further exchanges wait for one, within the time they have for connecting. */
const CONNECTIONS_MAX = 4_096;
const WAITING_MAX = 4_096;

/** The connections to one origin under one address policy. The one used last is used first, so that the others may close. */
export class OriginPool implements ConnectionOwner {
  readonly authority: string;
  private readonly target: ConnectTarget;
  private readonly connectionsMax: number;
  private readonly connections = new Set<Connection>();
  private readonly resting: Connection[] = [];
  private waiting: Exchange[] = [];
  private state: "open" | "retired" | "destroyed" = "open";
  session: Buffer | undefined = undefined;

  constructor(origin: string, allowPrivateNetwork: boolean, options: { ca?: string; connectionsMax?: number }) {
    this.target = connectTarget(origin, allowPrivateNetwork, options.ca);
    this.authority = new URL(origin).host;
    this.connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX;
  }

  get isUnused(): boolean {
    return this.connections.size === 0;
  }

  /** Sends the exchange on an idle connection, on a new one, or once one is free. */
  serve(exchange: Exchange): void {
    const connection = this.resting.pop();
    if (connection !== undefined) connection.carry(exchange);
    else this.connect(exchange);
  }

  private connect(exchange: Exchange): void {
    if (this.state === "destroyed") {
      exchange.broken("reset");
      return;
    }
    if (this.connections.size >= this.connectionsMax) {
      this.enqueue(exchange);
      return;
    }
    try {
      this.connections.add(new Connection(this, this.target, exchange));
    } catch (error) {
      const failure = error instanceof AddressNotAllowed ? "address_not_allowed" : "connect";
      // Told later, as every other failure is: whoever sends does not have the exchange in hand yet.
      process.nextTick(() => exchange.broken(failure));
    }
  }

  private enqueue(exchange: Exchange): void {
    if (this.waiting.length >= WAITING_MAX) this.waiting = this.waiting.filter((each) => !each.isOver);
    if (this.waiting.length < WAITING_MAX) this.waiting.push(exchange);
    else process.nextTick(() => exchange.broken("connect"));
  }

  private nextWaiting(): Exchange | undefined {
    for (;;) {
      const next = this.waiting.shift();
      if (next === undefined || !next.isOver) return next;
    }
  }

  keepSession(session: Buffer): void {
    this.session = session;
  }

  idle(connection: Connection, nowMs: number): void {
    const next = this.nextWaiting();
    if (next !== undefined) {
      connection.carry(next);
      return;
    }
    if (this.state !== "open") {
      connection.destroy();
      return;
    }
    connection.idleUntilMs = nowMs + Math.min(IDLE_MS_MAX, connection.idleMsMax);
    this.resting.push(connection);
  }

  closing(connection: Connection): void {
    const place = this.resting.lastIndexOf(connection);
    if (place !== -1) this.resting.splice(place, 1);
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
    this.closing(connection);
    const next = this.nextWaiting();
    if (next !== undefined) this.connect(next);
  }

  sendAnew(exchange: Exchange): void {
    this.connect(exchange);
  }

  /** Closes connections that have been idle for long enough. */
  sweep(nowMs: number): void {
    for (const connection of this.resting.filter((each) => each.idleUntilMs <= nowMs)) connection.destroy();
  }

  /** Closes idle connections now and the others after what they carry. */
  retire(): void {
    this.state = "retired";
    for (const connection of [...this.resting]) connection.destroy();
  }

  /** Closes every connection at once. */
  destroy(): void {
    this.state = "destroyed";
    for (const exchange of this.waiting.splice(0)) exchange.broken("reset");
    for (const connection of this.connections) connection.destroy();
  }
}
