import { charge, drain, fits, retryAfterMs } from "#lib/policy/gcra.ts";
import type { CompiledLimit } from "./compile-limits.ts";
import { type Counter, CounterTable } from "./counter-table.ts";
import type { Hold } from "./hold.ts";
import { ShareOfLimits } from "./share-of-limits.ts";
import { type LimitedCall, subjectOf } from "./subject.ts";
import { CONCURRENCY_RETRY_MS, LimitVerdict } from "./verdict.ts";

/** What the limits are asked about a call. */
export interface LimitQuestion {
  readonly call: LimitedCall;
  readonly limits: readonly CompiledLimit[];
  /** More limits, of somebody else; with the others all or none. */
  readonly more: readonly CompiledLimit[];
  /** What the call may use, reserved from limits of tokens. */
  readonly tokens: number;
  /** Whether what is charged may have to be undone: then requests are held too. */
  readonly isUndoable: boolean;
  /** Takes what the call holds from now on, until `settle`. */
  readonly holds: Hold[];
}

/** One limit of a question: this node's whole or share of it, its counter, and whether the call fits. */
interface Place {
  limit: CompiledLimit;
  counter: Counter;
  isFitting: boolean;
}

/**
 * Rate limits counted in this process: GCRA for calls and tokens, slots for calls at a time; of all limits that are asked
 * about, all are charged or none. Exact: every decision is made and charged in one go. Counters that have drained are
 * worth nothing and are swept, so that memory is bounded by who called lately.
 */
export class RateLimiter {
  private readonly tables = new Map<string, { readonly table: CounterTable; readonly limit: CompiledLimit }>();
  private readonly verdict = new LimitVerdict();
  private readonly shares = new ShareOfLimits();
  /** Of the question that is being answered, limit by limit: the first `asked` of them. Reused from call to call. */
  private readonly places: Place[] = [];
  private asked = 0;

  /**
   * Admits a call by all limits, or refuses it and charges none. `nodes` is among how many the limits are shared out; 1
   * for the whole. Unless one is given to be filled, the verdict is valid until the next call. Hot path.
   */
  admit(question: LimitQuestion, nowMs: number, nodes = 1, verdict = this.verdict): LimitVerdict {
    verdict.begin();
    this.gather(question, nowMs, nodes);
    for (let at = 0; at < this.asked; at++) {
      const place = this.places[at];
      if (place === undefined) continue;
      const { limit, counter } = place;
      const units = unitsOf(limit, question.tokens);
      const isSlot = limit.metric === "concurrency";
      place.isFitting = isSlot ? counter.held < limit.limit : fits(limit.rule, counter, units);
      if (!place.isFitting) verdict.doesNotFit(limit, isSlot ? 0 : retryAfterMs(limit.rule, counter, units));
    }
    const isAdmitted = verdict.refusedBy === null;
    for (let at = 0; at < this.asked; at++) {
      const place = this.places[at];
      if (place === undefined) continue;
      if (isAdmitted && place.isFitting) take(place, question);
      verdict.note(place.limit, place.limit.rule, place.counter);
    }
    return verdict;
  }

  /** In how many milliseconds the limits of an upstream will take another call; 0 when they do now. Charges nothing. */
  upstreamWaitMs(limits: readonly CompiledLimit[], nowMs: number, nodes = 1): number {
    let waitMs = 0;
    for (const each of limits) {
      if (each.isShadow) continue;
      const limit = this.shares.of(each, nodes);
      const counter = this.tableOf(limit).at(limit, "", nowMs);
      const isFull = limit.metric === "concurrency" && counter.held >= limit.limit;
      waitMs = Math.max(waitMs, limit.metric === "concurrency" ? 0 : retryAfterMs(limit.rule, counter));
      if (isFull) waitMs = Math.max(waitMs, CONCURRENCY_RETRY_MS);
    }
    return waitMs;
  }

  private gather({ call, limits, more }: LimitQuestion, nowMs: number, nodes: number): void {
    this.asked = 0;
    for (const limit of limits) this.add(call, limit, nowMs, nodes);
    for (const limit of more) this.add(call, limit, nowMs, nodes);
  }

  private add(call: LimitedCall, whole: CompiledLimit, nowMs: number, nodes: number): void {
    const limit = nodes === 1 ? whole : this.shares.of(whole, nodes);
    const counter = this.tableOf(limit).at(limit, subjectOf(call, limit.per), nowMs);
    const place = this.places[this.asked];
    if (place === undefined) this.places.push({ limit, counter, isFitting: false });
    else {
      place.limit = limit;
      place.counter = counter;
    }
    this.asked += 1;
  }

  /** Ends a hold that was taken here: gives the slot back, and makes what was reserved what was used. Once for each hold. */
  settle({ limit, counter, units }: Hold, used: number | "undo", nowMs: number): void {
    if (counter === null) return;
    counter.held -= 1;
    if (limit.metric === "concurrency") return;
    drain(limit.rule, counter, nowMs);
    if (used === "undo") charge(limit.rule, counter, -units);
    else if (limit.metric === "tokens") charge(limit.rule, counter, used - units);
  }

  private tableOf(limit: CompiledLimit): CounterTable {
    let found = this.tables.get(limit.key);
    if (found === undefined) {
      found = { table: new CounterTable(limit), limit };
      this.tables.set(limit.key, found);
    }
    return found.table;
  }

  /** Forgets every counter that stands where a new one would. Called now and then. */
  sweep(nowMs: number): void {
    for (const [key, { table, limit }] of this.tables) {
      table.sweep(limit.rule.drainPerMs, nowMs);
      if (table.size === 0) this.tables.delete(key);
    }
  }

  /** How many counters there are. */
  get size(): number {
    let size = 0;
    for (const { table } of this.tables.values()) size += table.size;
    return size;
  }
}

/** Charges one limit, and has the call hold what it must give back or settle. */
function take({ limit, counter }: Place, { call, tokens, isUndoable, holds }: LimitQuestion): void {
  const units = unitsOf(limit, tokens);
  if (limit.metric !== "concurrency") charge(limit.rule, counter, units);
  if (!isUndoable && limit.metric === "requests") return;
  counter.held += 1;
  holds.push({ limit, counter, key: "", units, member: call.id });
}

/** What a call takes of a limit. One that may use more than the whole limit waits for the whole, and leaves a debt. */
export function unitsOf(limit: CompiledLimit, tokens: number): number {
  return limit.metric === "tokens" ? Math.min(tokens, limit.limit) : 1;
}
