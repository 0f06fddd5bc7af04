import type { UpstreamFleet } from "#gateway/health/fleet.ts";
import type { Standing, TargetState } from "#gateway/health/target-state.ts";
import type { CompiledTarget, CompiledVersion, Snapshot } from "#gateway/snapshot/snapshot.ts";
import type { CandidateRecord } from "#lib/contract/decision.ts";
import type { StrategyKind } from "#lib/contract/policy-document.ts";
import { newSelectionState, type SelectionState, selectTarget, weightIn } from "#lib/policy/select-target.ts";

/** Why a target that could have been chosen was not. */
const NOT_CHOSEN: Readonly<Record<StrategyKind, string>> = {
  round_robin: "not its turn",
  weighted: "not its turn",
  priority: "a lower tier, or not its turn",
  least_connections: "no fewer calls under way for its weight",
  lowest_latency: "not drawn, or expected to be slower",
  consistent_hash: "the key belongs to another target",
};

const OUT: Readonly<Record<Exclude<Standing, "in_service">, string>> = {
  no_weight: "out of service",
  tried: "tried already",
  breaker_open: "its breaker is open",
  trial_under_way: "its breaker is half open: a trial is under way",
  unreachable: "its upstream cannot be reached",
  credentials_resting: "every credential of its upstream was refused and rests",
  limited: "the upstream's own rate limit is reached",
};

/** Chooses targets. What it remembers is kept by route version and target, and survives a new snapshot. */
export class TargetBalancer {
  private readonly fleet: UpstreamFleet;
  private readonly states = new Map<string, SelectionState>();
  /** Reused from choice to choice: choosing never waits, so that one is over before the next begins. */
  private readonly candidates: TargetState[] = [];
  /** Whether one of them starts slowly: turns alone could not give it fewer calls. */
  private isAnySlow = false;
  private readonly options: { isTurn: boolean; keyHash: number; readonly random: () => number };

  constructor(fleet: UpstreamFleet, random: () => number) {
    this.fleet = fleet;
    this.options = { isTurn: true, keyHash: 0, random };
  }

  /**
   * The next target of a version, leaving out those already tried and those out of service; null when none is left. Where
   * none is in service, those whose upstream is to be tried all the same. `keyHash` is what a consistent hash goes by.
   * Hot path.
   */
  choose(version: CompiledVersion, tried: ReadonlySet<string> | null, keyHash: number): CompiledTarget | null {
    this.gather(version, tried);
    let state = this.states.get(version.label);
    if (state === undefined) {
      state = newSelectionState();
      this.states.set(version.label, state);
    }
    this.options.isTurn = tried === null;
    this.options.keyHash = keyHash;
    const strategy = this.isAnySlow && version.strategy === "round_robin" ? "weighted" : version.strategy;
    const chosen = selectTarget(strategy, this.candidates, state, this.options);
    const id = this.candidates[chosen]?.id;
    for (const target of version.targets) if (target.id === id) return target;
    return null;
  }

  private gather(version: CompiledVersion, tried: ReadonlySet<string> | null): void {
    const { candidates, fleet } = this;
    const nowMs = fleet.monotonicMs();
    candidates.length = 0;
    this.isAnySlow = false;
    for (const target of version.targets) {
      const state = fleet.stateOf(target);
      state.standing = fleet.standingOf(state, target, tried, nowMs);
      if (state.standing !== "in_service") continue;
      state.target = target;
      state.weight = weightIn(version.strategy, target.weight) * state.share(nowMs);
      if (state.returnedAtMs !== null) this.isAnySlow = true;
      if (version.strategy === "lowest_latency") state.latencyMs = state.latency.read(nowMs);
      candidates.push(state);
    }
    if (candidates.length > 0) return;
    for (const target of version.targets) {
      const state = fleet.stateOf(target);
      if (!target.upstream.health.triesWhenAllOut || target.weight === 0 || state.standing === "tried") continue;
      state.target = target;
      state.weight = target.weight;
      candidates.push(state);
    }
  }

  /** How a target stood in the last choice, for the call's decision. Call right after `choose`. */
  explain(version: CompiledVersion, target: CompiledTarget, chosen: CompiledTarget | null): CandidateRecord {
    const { strategy } = version;
    const state = this.fleet.stateOf(target);
    const { standing } = state;
    const isChosen = target === chosen;
    const { id: targetId, model, weight } = target;
    const reason = isChosen ? strategy : standing === "in_service" ? NOT_CHOSEN[strategy] : OUT[standing];
    const upstreamName = target.upstream.name;
    const record: CandidateRecord = { targetId, upstreamName, model, weight, chosen: isChosen, reason };
    if (strategy === "priority") record.priority = target.priority;
    if (strategy === "least_connections" || strategy === "lowest_latency") record.inFlight = state.inFlight;
    if (strategy === "lowest_latency") record.latencyMs = Math.round(state.latencyMs * 1_000) / 1_000;
    if (state.returnedAtMs !== null && standing === "in_service") record.weightNow = state.weight;
    return record;
  }

  /** In how many milliseconds the first target of a version may be tried again, and whether only rate limits stand in the way. */
  outlook(version: CompiledVersion): { waitMs: number; isLimited: boolean } {
    let isLimited = true;
    for (const target of version.targets) {
      const { standing } = this.fleet.stateOf(target);
      if (standing !== "limited" && standing !== "no_weight") isLimited = false;
    }
    return { waitMs: this.fleet.soonestMs(version.targets), isLimited };
  }

  /** Forgets what a new snapshot does not have any more. */
  retain(snapshot: Snapshot): void {
    const labels = new Map<string, CompiledVersion>();
    for (const route of snapshot.routes.values()) {
      for (const version of route.byPin.values()) labels.set(version.label, version);
    }
    for (const [label, state] of this.states) {
      const version = labels.get(label);
      if (version === undefined) {
        this.states.delete(label);
        continue;
      }
      const ids = new Set(version.targets.map((target) => target.id));
      for (const id of state.currentWeights.keys()) if (!ids.has(id)) state.currentWeights.delete(id);
      for (const id of state.lastTurns.keys()) if (!ids.has(id)) state.lastTurns.delete(id);
    }
  }
}
