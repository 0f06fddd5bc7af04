import type { IncomingMessage, ServerResponse } from "node:http";

/** The client's side of one response: waits that end at once when the client leaves. One wait at a time. */
export class ClientConnection {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #isClosed = false;
  #isWatching = false;
  #isDraining = false;
  #wake: (() => void) | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#response.destroyed || this.#request.socket.destroyed;
  }

  /** Resolves after `ms`, or when the client leaves. */
  sleep(ms: number): Promise<void> {
    return this.#wait((resolve) => {
      const timer = setTimeout(resolve, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Resolves when the client leaves, and not before. */
  closed(): Promise<void> {
    return this.#wait(() => undefined);
  }

  /** Writes, and waits while the client reads too slowly. False when the client has left. */
  async write(wire: string | Buffer): Promise<boolean> {
    if (this.#response.write(wire)) return !this.isClosed;
    this.#isDraining = true;
    while (this.#response.writableNeedDrain && !this.isClosed) await this.closed();
    this.#isDraining = false;
    return !this.isClosed;
  }

  async #wait(arm: (resolve: () => void) => (() => void) | undefined): Promise<void> {
    this.#watch();
    if (this.isClosed) return;
    let disarm: (() => void) | undefined;
    await new Promise<void>((resolve) => {
      disarm = arm(resolve);
      this.#wake = resolve;
    });
    this.#wake = undefined;
    disarm?.();
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#response.once("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
    this.#response.on("drain", () => {
      if (this.#isDraining) this.#wake?.();
    });
  }
}
