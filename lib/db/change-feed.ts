import pg from "pg";

const RECONNECT_MS = 500;
/** A connection that was cut without a word is found out by asking it this often. */
const ASK_EVERY_MS = 5_000;
const ANSWER_MS_MAX = 5_000;

/** Told of a topic; null when anything may have changed meanwhile. */
export type ChangeListener = (topic: string | null) => void;

/**
 * Tells whoever listens of every change, on any replica, through one LISTEN connection per process. NOTIFY is lost while
 * a listener reconnects, so every reconnect counts as a change of everything: who re-reads the state misses nothing.
 */
export class ChangeFeed {
  readonly #connectionString: string;
  readonly #channel: string;
  readonly #listeners = new Set<ChangeListener>();
  #client: pg.Client | undefined;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;

  constructor(connectionString: string, channel: string) {
    this.#connectionString = connectionString;
    this.#channel = channel;
    void this.#connect();
  }

  /** Calls the listener for every change from now on, until what this returns is called. */
  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#asking);
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      application_name: "turnpike change feed",
    });
    this.#client = client;
    client.on("notification", ({ payload }) => this.#tell(payload ?? null));
    client.on("error", () => this.#reconnect(client));
    client.on("end", () => this.#reconnect(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.#channel)}`);
      this.#asking = setInterval(() => void this.#ask(client), ASK_EVERY_MS).unref();
      this.#tell(null);
    } catch {
      this.#reconnect(client);
    }
  }

  async #ask(client: pg.Client): Promise<void> {
    await client.query("SELECT 1").catch(() => this.#reconnect(client));
  }

  #reconnect(failed: pg.Client): void {
    if (this.#isClosed || this.#client !== failed) return;
    this.#client = undefined;
    clearInterval(this.#asking);
    void failed.end().catch(() => undefined);
    this.#retry = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }

  #tell(topic: string | null): void {
    for (const listener of [...this.#listeners]) listener(topic);
  }
}
