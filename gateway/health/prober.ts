import type { HealthProbe } from "#lib/contract/health-check.ts";
import type { UpstreamFleet } from "./fleet.ts";
import { probeConnection } from "./probe-connection.ts";
import { type PathProbeTools, probePath } from "./probe-path.ts";
import type { UpstreamState } from "./upstream-state.ts";

const TICK_MS = 100;
/** Probes under way at once, of all upstreams together. */
const AT_ONCE_MAX = 16;
/** Intervals differ by up to this share either way, so that nodes do not probe in step. */
const JITTER = 0.1;

/**
 * Probes upstreams, one probe each at a time: by default only those that cannot be reached, and only by connecting. What a
 * probe finds brings a trial call sooner or takes an upstream out of service; it never replaces the trial.
 */
export class HealthProber {
  private readonly fleet: UpstreamFleet;
  private readonly tools: PathProbeTools;
  private readonly random: () => number;
  private readonly ticker: NodeJS.Timeout;
  private underWay = 0;

  constructor(fleet: UpstreamFleet, tools: PathProbeTools, random: () => number) {
    this.fleet = fleet;
    this.tools = tools;
    this.random = random;
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.ticker.unref();
  }

  stop(): void {
    clearInterval(this.ticker);
  }

  private tick(): void {
    const nowMs = this.fleet.monotonicMs();
    for (const state of this.fleet.everyUpstream) {
      const { probe } = state.upstream.health;
      if (probe.kind === "off" || state.isProbing || this.underWay >= AT_ONCE_MAX) continue;
      if (probe.kind === "connect" && state.reach.state !== "open") {
        state.probeStanding = null;
        continue;
      }
      if (nowMs < state.probeAtMs) continue;
      const spread = 1 + JITTER * (2 * this.random() - 1);
      state.probeAtMs = nowMs + probe.intervalSeconds * 1_000 * spread;
      void this.run(state, probe);
    }
  }

  private async run(state: UpstreamState, probe: HealthProbe): Promise<void> {
    this.underWay += 1;
    state.isProbing = true;
    try {
      const { upstream } = state;
      const problem =
        probe.kind === "connect"
          ? await probeConnection(upstream, probe.timeoutMs)
          : await probePath(upstream, probe, this.credentialOf(state), this.tools);
      if (problem === null) this.passed(state, probe);
      else this.failed(state, probe, problem);
    } finally {
      state.isProbing = false;
      this.underWay -= 1;
    }
  }

  /** The first credential that is not at rest. */
  private credentialOf(state: UpstreamState) {
    const rested = this.fleet.credentialStates(state).find((each) => each.breaker.state === "closed");
    return rested?.credential ?? null;
  }

  private passed(state: UpstreamState, probe: HealthProbe): void {
    state.probeFailures = 0;
    state.probePasses += 1;
    if (state.probePasses < (probe.kind === "http" ? probe.passesToReturn : 1)) return;
    if (state.probeStanding === "failing")
      this.fleet.judge.noteProbe("probe_passed", state, "the probe is answered again");
    state.probeStanding = "passing";
    this.fleet.judge.wakeUpstream(state, probe.kind === "http");
  }

  private failed(state: UpstreamState, probe: HealthProbe, problem: string): void {
    state.probePasses = 0;
    state.probeFailures += 1;
    if (state.probeFailures < (probe.kind === "http" ? probe.failuresToOpen : 1)) return;
    if (state.probeStanding !== "failing") this.fleet.judge.noteProbe("probe_failed", state, problem);
    state.probeStanding = "failing";
    if (probe.kind === "http") this.fleet.judge.tripUpstream(state, `the probe fails: ${problem}`);
  }
}
