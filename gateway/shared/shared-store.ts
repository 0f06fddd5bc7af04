import { Redis } from "ioredis";
import type { Script } from "./script.ts";

/** Longer than this nobody waits for the store: the call goes on without it. */
const DEADLINE_MS = 50;
/** So many questions in a row without an answer in time, and the store counts as away. */
const FAILURES_MAX = 3;
/** While it is away, it is asked this often whether it is back. */
const PROBE_MS = 250;
const PROBE_KEY = "{turnpike}:probe";
/** How long closing may take. */
const CLOSE_MS = 500;
/** Questions that wait for an answer at the same time; more go on without it. */
const WAITING_MAX = 2_000;

export interface SharedStoreOptions {
  /** `redis://`, `rediss://`, `valkey://` or `valkeys://`, with the password where there is one. */
  readonly url: string;
  /** How long anybody waits for an answer; 50 ms unless told. */
  readonly deadlineMs?: number | undefined;
  /** Told once each time the store goes away, and once when it is back. Never told a secret. */
  onAway(reason: string): void;
  onBack(): void;
}

/**
 * The connection to a Valkey or Redis that nodes share. Nobody waits for it longer than a deadline, nothing is queued while
 * it is away, and it is taken back as soon as it answers in time again.
 */
export class SharedStore {
  private readonly options: SharedStoreOptions;
  private readonly deadlineMs: number;
  private readonly redis: Redis;
  private readonly prober: NodeJS.Timeout;
  private readonly scripts: Script[] = [];
  private waiting = 0;
  private failures = 0;
  private isProbing = false;
  private isAway = true;
  private isStarting = true;

  constructor(options: SharedStoreOptions) {
    this.options = options;
    this.deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.redis = new Redis(options.url.replace(/^valkey/, "redis"), {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      keepAlive: 10_000,
      retryStrategy: (times) => Math.min(1_000, 50 * 2 ** Math.min(times, 8)),
    });
    // What went wrong is read off the connection's state; unheard, an error would end the process.
    this.redis.on("error", () => {});
    this.redis.on("close", () => this.goAway("the connection is closed"));
    this.redis.on("ready", () => void this.probe());
    this.prober = setInterval(() => void this.probe(), PROBE_MS);
    this.prober.unref();
  }

  /** These scripts will be run: the server knows them before it counts as up. */
  prepare(scripts: readonly Script[]): void {
    this.scripts.push(...scripts);
  }

  /** Whether it answered in time lately. */
  get isUp(): boolean {
    return !this.isAway;
  }

  /**
   * Asks the store. Null when it is away, does not answer in time, or too many wait already. What then comes too late is
   * given to `late`, so that it can be undone.
   */
  async ask<T>(question: (redis: Redis) => Promise<T>, late: (answer: T) => void): Promise<T | null> {
    if (this.isAway || this.waiting >= WAITING_MAX) return null;
    this.waiting += 1;
    const asked = question(this.redis);
    const answer = await inTime(asked, this.deadlineMs, late);
    this.waiting -= 1;
    if (answer === null) this.failed();
    else this.failures = 0;
    return answer;
  }

  /**
   * Tells the store something that nobody waits for: also while it is slow, so that what is given back arrives in the end.
   * Lost when there is no connection.
   */
  tell(what: (redis: Redis) => Promise<unknown>): void {
    if (this.redis.status !== "ready" || this.waiting >= WAITING_MAX) return;
    this.waiting += 1;
    const isTold = (): void => {
      this.waiting -= 1;
    };
    what(this.redis).then(isTold, isTold);
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures >= FAILURES_MAX) this.goAway("it does not answer, or not in time");
  }

  private goAway(reason: string): void {
    if (this.isAway && !this.isStarting) return;
    this.isAway = true;
    this.isStarting = false;
    this.options.onAway(reason);
  }

  private async probe(): Promise<void> {
    if (!this.isAway || this.isProbing || this.redis.status !== "ready") return;
    this.isProbing = true;
    // A write, because one that cannot be written to (a replica, or out of memory) would be of no use.
    const written = this.redis.set(PROBE_KEY, "1", "PX", 1_000);
    const loaded = Promise.all([written, ...this.scripts.map((script) => script.load(this.redis))]);
    const answer = await inTime(loaded, this.deadlineMs, () => {});
    this.isProbing = false;
    if (answer === null) return;
    this.failures = 0;
    this.isAway = false;
    const wasStarting = this.isStarting;
    this.isStarting = false;
    if (!wasStarting) this.options.onBack();
  }

  /** Ends the connection once what was told last is through, and soon in any case. */
  close(): void {
    clearInterval(this.prober);
    this.isAway = true;
    this.isStarting = false;
    const end = (): void => this.redis.disconnect();
    setTimeout(end, this.redis.status === "ready" ? CLOSE_MS : 0).unref();
    this.redis.quit().catch(end);
  }
}

/** What a promise gives within the deadline, or null; then what it gives later goes to `late`. Never rejects. */
function inTime<T>(promise: Promise<T>, deadlineMs: number, late: (answer: T) => void): Promise<T | null> {
  return new Promise((resolve) => {
    let isOver = false;
    const end = (answer: T | null): void => {
      isOver = true;
      clearTimeout(timer);
      resolve(answer);
    };
    // After a pause of this process, an answer that came meanwhile is still read before the deadline counts.
    const timer = setTimeout(() => setImmediate(() => !isOver && end(null)), deadlineMs);
    promise.then(
      (answer) => (isOver ? late(answer) : end(answer)),
      () => !isOver && end(null),
    );
  });
}
