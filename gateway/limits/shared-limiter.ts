import type { SharedStore } from "#gateway/shared/shared-store.ts";
import { retryAfterMs } from "#lib/policy/gcra.ts";
import type { CompiledLimit } from "#lib/policy/limits/compile-limits.ts";
import { Counter } from "#lib/policy/limits/counter-table.ts";
import type { Hold } from "#lib/policy/limits/hold.ts";
import { type LimitQuestion, unitsOf } from "#lib/policy/limits/limiter.ts";
import { subjectOf } from "#lib/policy/limits/subject.ts";
import { LimitVerdict } from "#lib/policy/limits/verdict.ts";
import { RENEW, SETTLE, TAKE } from "./scripts.ts";

/** A dead node's slots come back after this long; a living one renews its leases three times in it. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const RENEWED_AT_ONCE = 500;
/** All limits of a call are charged in one script, so that all keys must be in one hash slot. */
const KEY_PREFIX = "{turnpike}:limit:";

/** A limit that is asked about, and what the answer says of it. */
interface Asked {
  readonly limit: CompiledLimit;
  readonly key: string;
  readonly units: number;
}

/** Rate limits counted by all nodes together in a shared store: one round trip, all limits charged or none. */
export class SharedLimiter {
  private readonly store: SharedStore;
  /** Slots of calls under way: their leases are renewed. */
  private readonly leases = new Set<Hold>();
  private readonly renewer: NodeJS.Timeout;

  constructor(store: SharedStore) {
    this.store = store;
    store.prepare([TAKE, SETTLE, RENEW]);
    this.renewer = setInterval(() => this.renew(), RENEW_MS);
    this.renewer.unref();
  }

  /** Admits a call by all limits, or refuses it and charges none; null when the store does not say in time. */
  async admit(question: LimitQuestion): Promise<LimitVerdict | null> {
    const asked = askedOf(question);
    const args: (string | number)[] = [question.call.id, LEASE_MS];
    for (const { limit, units } of asked) pushLimit(args, limit, units);
    const keys = asked.map(({ key }) => key);
    const answer = await this.store.ask(
      (redis) => TAKE.run(redis, keys, args),
      (late) => this.takeBack(question, asked, late),
    );
    const figures = answer === null ? null : figuresOf(answer, asked.length);
    return figures === null ? null : this.conclude(question, asked, figures);
  }

  private conclude(question: LimitQuestion, asked: readonly Asked[], figures: readonly number[]): LimitVerdict {
    const verdict = new LimitVerdict();
    verdict.countedBy = "store";
    const isRefused = figures[0] === 1;
    for (const [place, { limit, key, units }] of asked.entries()) {
      const counter = new Counter(0);
      counter.backlog = figures[place * 2 + 2] ?? 0;
      if (figures[place * 2 + 1] !== 1) {
        verdict.doesNotFit(limit, retryAfterMs(limit.rule, counter, units));
      } else if (!isRefused && (question.isUndoable || limit.metric !== "requests")) {
        const hold: Hold = { limit, counter: null, key, units, member: question.call.id };
        question.holds.push(hold);
        if (limit.metric === "concurrency") this.leases.add(hold);
      }
      verdict.note(limit, limit.rule, counter);
    }
    return verdict;
  }

  /** An answer that came too late: the call was decided without it, so what it charged is given back. */
  private takeBack(question: LimitQuestion, asked: readonly Asked[], late: unknown): void {
    const figures = figuresOf(late, asked.length);
    if (figures === null || figures[0] === 1) return;
    const charged = asked.filter((_each, place) => figures[place * 2 + 1] === 1);
    const member = question.call.id;
    this.settle(
      charged.map(({ limit, key, units }) => ({ limit, counter: null, key, units, member })),
      "undo",
    );
  }

  /** Ends holds of one call. Nobody waits for it. */
  settle(holds: readonly Hold[], used: number | "undo"): void {
    const [first] = holds;
    if (first === undefined) return;
    const keys: string[] = [];
    const args: (string | number)[] = [first.member];
    for (const hold of holds) {
      const { limit, units } = hold;
      this.leases.delete(hold);
      if (used !== "undo" && limit.metric === "requests") continue;
      const unused = used === "undo" ? -units : used - units;
      keys.push(hold.key);
      args.push(limit.metric === "concurrency" ? "c" : "g", unused * limit.rule.cost, limit.rule.drainPerMs);
    }
    if (keys.length === 0) return;
    this.store.tell((redis) => SETTLE.run(redis, keys, args));
  }

  private renew(): void {
    const leases = [...this.leases];
    for (let from = 0; from < leases.length; from += RENEWED_AT_ONCE) {
      const some = leases.slice(from, from + RENEWED_AT_ONCE);
      const keys = some.map(({ key }) => key);
      const args = [LEASE_MS, ...some.map(({ member }) => member)];
      this.store.tell((redis) => RENEW.run(redis, keys, args));
    }
  }

  close(): void {
    clearInterval(this.renewer);
    this.store.close();
  }
}

function askedOf({ call, limits, more, tokens }: LimitQuestion): Asked[] {
  const asked: Asked[] = [];
  for (const list of [limits, more]) {
    for (const limit of list) {
      const key = `${KEY_PREFIX}${limit.key}:${subjectOf(call, limit.per)}`;
      asked.push({ limit, key, units: unitsOf(limit, tokens) });
    }
  }
  return asked;
}

function pushLimit(args: (string | number)[], { metric, isShadow, limit, rule }: CompiledLimit, units: number): void {
  const shadow = isShadow ? "1" : "0";
  if (metric === "concurrency") args.push("c", 1, limit, 0, shadow);
  else args.push("g", units * rule.cost, rule.capacity, rule.drainPerMs, shadow);
}

/** The figures of an answer to `TAKE`; null for what is none. */
function figuresOf(answer: unknown, limits: number): number[] | null {
  if (!Array.isArray(answer) || answer.length !== 1 + 2 * limits) return null;
  const figures = answer.map(Number);
  return figures.every(Number.isFinite) ? figures : null;
}
