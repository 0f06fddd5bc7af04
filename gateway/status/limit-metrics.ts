import { Counter, Gauge, type Registry } from "prom-client";
import type { CallLimits } from "#gateway/limits/call-limits.ts";

/** How rate limits are counted, and what they would have refused; read when somebody asks. */
export function addLimitMetrics(registry: Registry, limits: CallLimits): void {
  const registers = [registry];
  new Gauge({
    name: "turnpike_limits_shared",
    help: "1 while rate limits are counted together with other nodes",
    registers,
    collect() {
      this.set(Number(limits.counted.by === "store"));
    },
  });
  new Gauge({
    name: "turnpike_limits_counters",
    help: "Counters of rate limits kept in this process",
    registers,
    collect() {
      this.set(limits.counters);
    },
  });
  new Counter({
    name: "turnpike_limits_by_share_total",
    help: "Calls decided by this node's share of the limits because the shared store was away",
    registers,
    collect() {
      this.reset();
      this.inc(limits.figures.byShare);
    },
  });
  new Counter({
    name: "turnpike_limits_shadow_refusals_total",
    help: "Calls that a shadow rate limit would have refused",
    registers,
    collect() {
      this.reset();
      this.inc(limits.figures.shadowRefusals);
    },
  });
}
