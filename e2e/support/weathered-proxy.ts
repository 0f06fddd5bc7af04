// A TCP proxy in this process, for what `tc netem` would do where one may not: it spreads connections over several
// targets as a balancer does, and delays, loses or holds back what passes.

import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the network is like. */
export interface Weather {
  /** Each way. */
  delayMs: number;
  /** The share of pieces that are lost. A lost piece comes when TCP would have sent it again: 0.2 s later, then 0.4 s, … */
  lossRatio: number;
  /**
   * Nothing passes. A connection that was there before stays silent for good: nobody tells either end. One that is
   * asked for meanwhile comes about when TCP would ask again after the cut.
   */
  isCut: boolean;
}

export const CALM: Weather = { delayMs: 0, lossRatio: 0, isCut: false };
const RESEND_MS = 200;
const RESENDS_MAX = 6;
const BETWEEN_MS = 50;
/** When an unanswered SYN is sent again (Linux). */
const SYN_MS = [1_000, 3_000, 7_000, 15_000];
const LOOK_EVERY_MS = 20;

export class WeatheredProxy {
  readonly #server: Server;
  readonly #targets: readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;
  #weather = CALM;
  /** Counts the cuts: a connection that lived through one is dead. */
  #cuts = 0;

  private constructor(targets: readonly number[]) {
    this.#targets = targets;
    this.#server = createServer((socket) => void this.#carry(socket));
  }

  /** Listens on a free port of this machine, in front of these ports. */
  static async start(targets: readonly number[]): Promise<WeatheredProxy> {
    const proxy = new WeatheredProxy(targets);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  set weather(weather: Weather) {
    if (weather.isCut && !this.#weather.isCut) this.#cuts++;
    this.#weather = weather;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #carry(near: Socket): Promise<void> {
    this.#keep(near);
    if (!(await this.#isReached(near))) return;
    const cuts = this.#cuts;
    const far = await this.#dial();
    if (far === null || near.destroyed) {
      near.destroy();
      far?.destroy();
      return;
    }
    this.#keep(far);
    this.#pump(near, far, () => cuts === this.#cuts);
    this.#pump(far, near, () => cuts === this.#cuts);
  }

  /** Waits out a cut. Whether the connection is still wanted then. */
  async #isReached(near: Socket): Promise<boolean> {
    const askedMs = performance.now();
    for (const resendMs of SYN_MS) {
      if (!this.#weather.isCut) return !near.destroyed;
      while (performance.now() - askedMs < resendMs && !near.destroyed) await sleep(LOOK_EVERY_MS);
    }
    near.destroy();
    return false;
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** Passes pieces on in their order, each as late as the weather wants it; none once the connection is dead. */
  #pump(from: Socket, to: Socket, isAlive: () => boolean): void {
    let freeAtMs = 0;
    const later = (act: () => void) => {
      const now = performance.now();
      freeAtMs = Math.max(freeAtMs, now + this.#lateness());
      const waitMs = freeAtMs - now;
      const run = () => {
        if (isAlive()) act();
      };
      if (waitMs <= 0) run();
      else setTimeout(run, waitMs);
    };
    from.on("data", (piece) => later(() => to.write(piece)));
    from.once("end", () => later(() => to.end()));
    from.once("close", () => later(() => to.destroy()));
  }

  #lateness(): number {
    const { delayMs, lossRatio } = this.#weather;
    let lateMs = delayMs;
    for (let tries = 0; tries < RESENDS_MAX && Math.random() < lossRatio; tries++) lateMs += RESEND_MS * 2 ** tries;
    return lateMs;
  }

  /** The next target that takes a connection; null when none does. */
  async #dial(): Promise<Socket | null> {
    for (let tries = 0; tries < this.#targets.length; tries++) {
      const port = this.#targets[this.#next++ % this.#targets.length] ?? 0;
      const socket = await dialed(port);
      if (socket !== null) return socket;
    }
    await sleep(BETWEEN_MS);
    return null;
  }
}

function dialed(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}
