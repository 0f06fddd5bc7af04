import type { ChangeFeed } from "../../db/change-feed.ts";
import type { Context } from "../context.ts";
import type { ChangeTopic } from "../notify.ts";
import { inTransaction } from "../transaction.ts";
import { type FleetState, readFleetState } from "./fleet-state.ts";
import { SharedMessages } from "./shared-messages.ts";

/** The state is read again this often even when no notification came. */
const SAFETY_NET_MS = 10_000;
const RETRY_MS = 500;
const OF_NO_CONCERN: ReadonlySet<string> = new Set(["usage", "reports"] satisfies ChangeTopic[]);

/**
 * What all node streams of a process share. A change is read once for all of them, however many notifications told of
 * it, and what is sent to many is made once. While the database is away the streams stay open and nothing is told.
 */
export class FleetHub {
  readonly messages: SharedMessages;
  readonly #ctx: Context;
  readonly #unsubscribe: () => void;
  readonly #safetyNet: NodeJS.Timeout;
  /** How many streams each node has open here. */
  readonly #streams = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #state: FleetState | null = null;
  #running: Promise<FleetState> | null = null;
  #next: Promise<FleetState> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(ctx: Context, feed: ChangeFeed) {
    this.#ctx = ctx;
    this.messages = new SharedMessages(ctx);
    this.#unsubscribe = feed.subscribe((topic) => {
      if (topic === null || !OF_NO_CONCERN.has(topic)) this.#changed();
    });
    this.#safetyNet = setInterval(() => this.#changed(), SAFETY_NET_MS).unref();
  }

  /** A node's stream begins; call what this returns when it ends. */
  enter(nodeId: string): () => void {
    this.#streams.set(nodeId, (this.#streams.get(nodeId) ?? 0) + 1);
    return () => {
      const left = (this.#streams.get(nodeId) ?? 1) - 1;
      if (left === 0) this.#streams.delete(nodeId);
      else this.#streams.set(nodeId, left);
    };
  }

  /** The state as read from now on. Everybody who asks while a reading is under way shares the next one. Rejects when the database is away. */
  read(): Promise<FleetState> {
    this.#next ??= (this.#running ?? Promise.resolve()).then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  /** The state as read last. */
  latest(seen: FleetState): FleetState {
    return this.#state ?? seen;
  }

  /** The state, once it is another than `seen`; the same when the signal aborts or the hub is closed. Never rejects. */
  after(seen: FleetState, signal: AbortSignal): Promise<FleetState> {
    if (signal.aborted || this.#isClosed || (this.#state !== null && this.#state !== seen)) {
      return Promise.resolve(this.#state ?? seen);
    }
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve(this.#state ?? seen);
      };
      signal.addEventListener("abort", done, { once: true });
      this.#waiting.add(done);
    });
  }

  /** Lets every stream go. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    clearInterval(this.#safetyNet);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#wake();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  #begin(): Promise<FleetState> {
    this.#next = null;
    const reading = inTransaction(this.#ctx, (tx) => readFleetState(tx, [...this.#streams.keys()])).then((state) => {
      this.#state = state;
      this.#wake();
      return state;
    });
    this.#running = reading;
    return reading;
  }

  #changed(): void {
    if (this.#isClosed || this.#streams.size === 0 || this.#retry !== null) return;
    this.read().catch(() => {
      this.#retry ??= setTimeout(() => {
        this.#retry = null;
        this.#changed();
      }, RETRY_MS);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
