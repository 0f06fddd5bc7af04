import { compileGcra } from "#lib/policy/gcra.ts";
import type { CompiledLimit } from "./compile-limits.ts";

/** A node's share of limits that several nodes would count together, worked out once for each limit and number of nodes. */
export class ShareOfLimits {
  private byLimit = new WeakMap<CompiledLimit, CompiledLimit>();
  private nodes = 1;

  /** One of `nodes` equal parts of a limit, rounded down and at least 1: never more than the whole, from two up. */
  of(limit: CompiledLimit, nodes: number): CompiledLimit {
    if (nodes === 1) return limit;
    if (nodes !== this.nodes) {
      this.nodes = nodes;
      this.byLimit = new WeakMap();
    }
    let share = this.byLimit.get(limit);
    if (share === undefined) {
      const part = Math.max(1, Math.floor(limit.limit / nodes));
      const rule = compileGcra(part, limit.rule.windowSeconds);
      share = { ...limit, key: `${limit.key}/${nodes}`, limit: part, rule };
      this.byLimit.set(limit, share);
    }
    return share;
  }
}
