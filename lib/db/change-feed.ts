import pg from "pg";

const RECONNECT_MS = 500;

/**
 * Wakes whoever waits for a change, on any replica, through one LISTEN connection per process. NOTIFY is lost while a
 * listener reconnects, so every reconnect counts as a change: a waiter re-reads the state and misses nothing.
 */
export class ChangeFeed {
  readonly #connectionString: string;
  readonly #channel: string;
  readonly #waiting = new Set<() => void>();
  #version = 0;
  #client: pg.Client | undefined;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(connectionString: string, channel: string) {
    this.#connectionString = connectionString;
    this.#channel = channel;
    void this.#connect();
  }

  /** Counts the changes heard of; read it before reading the state, and give it to `changeAfter`. */
  get version(): number {
    return this.#version;
  }

  /** Resolves when something changed after `seen`, after `timeoutMs`, or when the signal aborts. Never rejects. */
  changeAfter(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#version !== seen || signal.aborted || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      signal.addEventListener("abort", done, { once: true });
      this.#waiting.add(done);
    });
  }

  /** Stops listening and lets every waiter go. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#wake();
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      application_name: "turnpike change feed",
    });
    this.#client = client;
    client.on("notification", () => this.#wake());
    client.on("error", () => this.#reconnect(client));
    client.on("end", () => this.#reconnect(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.#channel)}`);
      this.#wake();
    } catch {
      this.#reconnect(client);
    }
  }

  #reconnect(failed: pg.Client): void {
    if (this.#isClosed || this.#client !== failed) return;
    this.#client = undefined;
    void failed.end().catch(() => undefined);
    this.#retry = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }

  #wake(): void {
    this.#version++;
    for (const done of [...this.#waiting]) done();
  }
}
