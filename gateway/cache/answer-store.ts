import { LRUCache } from "lru-cache";
import { type KeptAnswer, sizeOf } from "./kept-answer.ts";

interface Entry {
  readonly answer: KeptAnswer;
  readonly route: string;
  readonly bytes: number;
}

/** How a call fared with its route's cache. */
export type CacheResult = "hit" | "miss" | "bypass";

/** The figures of one route's cache. */
export interface RouteFigures {
  bytes: number;
  /** Answers that made room for others before their time. */
  evictions: number;
  hit: number;
  miss: number;
  bypass: number;
}

/** The answers one node keeps, in memory, bounded in bytes: the least recently used makes room. */
export class AnswerStore {
  private readonly entries: LRUCache<string, Entry>;
  private readonly byRoute = new Map<string, RouteFigures>();

  constructor(bytesMax: number) {
    this.entries = new LRUCache<string, Entry>({
      maxSize: Math.max(1, bytesMax),
      sizeCalculation: (entry) => entry.bytes,
      dispose: (entry, _key, reason) => this.dropped(entry, reason === "evict"),
    });
  }

  /** The answer under a key if it is still good; one whose time is over is forgotten. */
  get(key: string, nowMs: number): KeptAnswer | null {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    if (entry.answer.expiresAtMs > nowMs) return entry.answer;
    this.entries.delete(key);
    return null;
  }

  /** Keeps an answer. One larger than the whole store is not kept. */
  set(key: string, route: string, answer: KeptAnswer): void {
    const bytes = sizeOf(answer) + key.length;
    if (bytes > this.entries.maxSize) return;
    this.figuresOf(route).bytes += bytes;
    this.entries.set(key, { answer, route, bytes });
  }

  /** Forgets everything of a route at once. */
  purge(route: string): void {
    for (const [key, entry] of this.entries.entries()) if (entry.route === route) this.entries.delete(key);
  }

  /** Forgets everything of routes that are gone, their figures included. */
  retain(routes: ReadonlyMap<string, unknown>): void {
    for (const route of [...this.byRoute.keys()]) {
      if (routes.has(route)) continue;
      this.purge(route);
      this.byRoute.delete(route);
    }
  }

  /** Counts a call of a route that has a cache. */
  count(route: string, result: CacheResult): void {
    this.figuresOf(route)[result] += 1;
  }

  /** The figures of every route that was called. */
  get figures(): ReadonlyMap<string, Readonly<RouteFigures>> {
    return this.byRoute;
  }

  private figuresOf(route: string): RouteFigures {
    const known = this.byRoute.get(route);
    if (known !== undefined) return known;
    const figures = { bytes: 0, evictions: 0, hit: 0, miss: 0, bypass: 0 };
    this.byRoute.set(route, figures);
    return figures;
  }

  private dropped(entry: Entry, isEvicted: boolean): void {
    const held = this.byRoute.get(entry.route);
    if (held === undefined) return;
    held.bytes -= entry.bytes;
    if (isEvicted) held.evictions += 1;
  }
}
