import { Gauge, type Registry } from "prom-client";
import type { UpstreamFleet } from "#gateway/health/fleet.ts";
import type { BreakerState } from "#lib/policy/circuit-breaker.ts";

const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

/**
 * What is in service, read when somebody asks. Labels are names that policy gives. A model that several routes call at one
 * upstream shows the worst of its states.
 */
export function addHealthMetrics(registry: Registry, fleet: UpstreamFleet): void {
  const registers = [registry];
  new Gauge({
    name: "turnpike_target_breaker_state",
    help: "0 in service, 1 half open, 2 open: by upstream and model",
    labelNames: ["upstream", "model"],
    registers,
    collect() {
      this.reset();
      const worst = new Map<string, { upstream: string; model: string; state: number }>();
      for (const { target, breaker } of fleet.everyTarget) {
        const labels = { upstream: target.upstream.name, model: target.model };
        const key = `${labels.upstream}\n${labels.model}`;
        worst.set(key, { ...labels, state: Math.max(STATE[breaker.state], worst.get(key)?.state ?? 0) });
      }
      for (const { state, ...labels } of worst.values()) this.set(labels, state);
    },
  });
  new Gauge({
    name: "turnpike_upstream_breaker_state",
    help: "0 can be connected to, 1 half open, 2 open",
    labelNames: ["upstream"],
    registers,
    collect() {
      this.reset();
      for (const { upstream, reach } of fleet.everyUpstream) this.set({ upstream: upstream.name }, STATE[reach.state]);
    },
  });
  new Gauge({
    name: "turnpike_credentials_parked",
    help: "Credentials that were refused and rest",
    labelNames: ["upstream"],
    registers,
    collect() {
      this.reset();
      for (const state of fleet.everyUpstream) {
        const resting = fleet.credentialStates(state).filter(({ breaker }) => breaker.state !== "closed");
        this.set({ upstream: state.upstream.name }, resting.length);
      }
    },
  });
}
