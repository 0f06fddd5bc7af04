import { remaining, resetAfterMs } from "#lib/policy/gcra.ts";
import type { CompiledLimit } from "./compile-limits.ts";
import type { Counter } from "./counter-table.ts";

/** A refused call learns when one of the calls under way may be over: nobody can know. */
export const CONCURRENCY_RETRY_MS = 1_000;
const NONE: readonly CompiledLimit[] = [];

/** Where the counting was done: here, in the shared store, or here by this node's share because that is away. */
export type CountedBy = "node" | "store" | "share";

/** The figures of the limit of one metric that is tightest now. */
export class Tightest {
  limit: CompiledLimit | null = null;
  remaining = 0;
  resetMs = 0;
  private share = 2;

  clear(): void {
    this.limit = null;
    this.share = 2;
  }

  /** Takes a limit's figures where they are tighter. `rule` is that of the limit, or of this node's share of it. */
  note(limit: CompiledLimit, rule: CompiledLimit["rule"], counter: Counter): void {
    const left = remaining(rule, counter);
    const share = left / rule.limit;
    if (share >= this.share) return;
    this.share = share;
    this.limit = limit;
    this.remaining = left;
    this.resetMs = resetAfterMs(rule, counter);
  }
}

/** What the limits said about one call. One object is filled again and again: read it before the next call. */
export class LimitVerdict {
  /** The limit that refuses, or null: then all were charged. */
  refusedBy: CompiledLimit | null = null;
  /** How long until the call fits; 0 when it did. */
  retryMs = 0;
  readonly requests = new Tightest();
  readonly tokens = new Tightest();
  /** Shadow limits that would have refused. */
  shadowed: readonly CompiledLimit[] = NONE;
  countedBy: CountedBy = "node";

  begin(): void {
    this.refusedBy = null;
    this.retryMs = 0;
    this.requests.clear();
    this.tokens.clear();
    this.shadowed = NONE;
  }

  /** A limit the call does not fit: of several, the one that asks for the longest wait is told. */
  doesNotFit(limit: CompiledLimit, waitMs: number): void {
    if (limit.isShadow) {
      this.shadowed = [...this.shadowed, limit];
      return;
    }
    const retryMs = limit.metric === "concurrency" ? CONCURRENCY_RETRY_MS : waitMs;
    if (this.refusedBy !== null && retryMs <= this.retryMs) return;
    this.refusedBy = limit;
    this.retryMs = retryMs;
  }

  /** Takes the figures of a limit after the decision, for the headers. */
  note(limit: CompiledLimit, rule: CompiledLimit["rule"], counter: Counter): void {
    if (limit.isShadow || limit.metric === "concurrency") return;
    (limit.metric === "tokens" ? this.tokens : this.requests).note(limit, rule, counter);
  }
}
