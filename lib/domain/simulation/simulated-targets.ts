import type { CompiledLimit } from "../../policy/limits/compile-limits.ts";
import { PeakEwma } from "../../policy/peak-ewma.ts";
import { hashedText, hashOf } from "../../policy/select-by-hash.ts";
import {
  type Candidate,
  newSelectionState,
  type SelectionState,
  selectTarget,
  weightIn,
} from "../../policy/select-target.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { SimulatedTarget, SimulatedVersion } from "./simulated-policy.ts";

/** What is known of a target in the course of a simulation; a candidate for selection itself. */
class TargetState implements Candidate {
  readonly id: string;
  target: SimulatedTarget;
  weight = 1;
  inFlight = 0;
  latencyMs = 0;

  constructor(target: SimulatedTarget) {
    this.id = target.id;
    this.target = target;
  }

  get priority(): number {
    return this.target.priority;
  }

  get hash(): number {
    return this.target.hash;
  }
}

/** What a choice is made by. */
export interface Choice {
  readonly call: RecordedCall;
  readonly version: SimulatedVersion;
  readonly serving: readonly SimulatedTarget[];
  /** The key of the target that is taken while it can be; null to choose. */
  readonly preferred: string | null;
  /** Whether an upstream's own limits take a call now. */
  isFree(target: SimulatedTarget): boolean;
  /** Charges an upstream's limits: null, or the one that refuses. */
  admits(target: SimulatedTarget): CompiledLimit | null;
}

/** Numbers that look random and are the same for the same call (mulberry32, Tommy Ettinger). */
class CallRandom {
  private state = 0;

  begin(callId: string): void {
    this.state = hashOf(callId);
  }

  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Chooses targets as a node does that has every upstream in service. */
export class SimulatedTargets {
  private readonly states = new Map<string, TargetState>();
  private readonly selections = new Map<string, SelectionState>();
  private readonly latencies = new Map<string, PeakEwma>();
  private readonly random = new CallRandom();
  private readonly candidates: TargetState[] = [];

  /** The target that takes the call; the limit that refuses it everywhere; null where no target has a weight. */
  choose(choice: Choice): SimulatedTarget | CompiledLimit | null {
    this.random.begin(choice.call.id);
    const tried = new Set<string>();
    let refusedBy: CompiledLimit | null = null;
    for (;;) {
      const target = this.next(choice, tried);
      if (target === null) return refusedBy ?? fullLimit(choice);
      refusedBy = choice.admits(target);
      if (refusedBy === null) return target;
      tried.add(target.id);
    }
  }

  private next(
    { call, version, serving, preferred, isFree }: Choice,
    tried: ReadonlySet<string>,
  ): SimulatedTarget | null {
    const { candidates } = this;
    candidates.length = 0;
    for (const target of serving) {
      if (target.weight === 0 || tried.has(target.id) || !isFree(target)) continue;
      if (target.key === preferred) return target;
      candidates.push(this.candidate(target, version, call.startedMs));
    }
    let state = this.selections.get(version.label);
    if (state === undefined) {
      state = newSelectionState();
      this.selections.set(version.label, state);
    }
    const { strategy, hashBy } = version;
    const text = strategy === "consistent_hash" ? hashedText(hashBy, call.endUser, call.consumerId, call.apiKeyId) : "";
    const options = { isTurn: tried.size === 0, keyHash: text === "" ? 0 : hashOf(text), random: this.random.next };
    return candidates[selectTarget(strategy, candidates, state, options)]?.target ?? null;
  }

  private candidate(target: SimulatedTarget, { strategy }: SimulatedVersion, nowMs: number): TargetState {
    const state = this.stateOf(target);
    state.target = target;
    state.weight = weightIn(strategy, target.weight);
    if (strategy === "lowest_latency") state.latencyMs = this.latencies.get(target.key)?.read(nowMs) ?? 0;
    return state;
  }

  begin(target: SimulatedTarget): void {
    this.stateOf(target).inFlight += 1;
  }

  end(target: SimulatedTarget): void {
    this.stateOf(target).inFlight -= 1;
  }

  answered(key: string, nowMs: number, firstByteMs: number): void {
    let latency = this.latencies.get(key);
    if (latency === undefined) {
      latency = new PeakEwma();
      this.latencies.set(key, latency);
    }
    latency.observe(nowMs, firstByteMs);
  }

  private stateOf(target: SimulatedTarget): TargetState {
    let state = this.states.get(target.id);
    if (state === undefined) {
      state = new TargetState(target);
      this.states.set(target.id, state);
    }
    return state;
  }
}

/** One of the limits that leave no target free; null where it is not limits that do. */
function fullLimit({ serving, isFree }: Choice): CompiledLimit | null {
  const full = serving.find((target) => target.weight > 0 && !isFree(target));
  return full?.upstream.limits.find(({ isShadow }) => !isShadow) ?? null;
}
