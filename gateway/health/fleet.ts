import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CompiledTarget, CompiledUpstream, Snapshot } from "#gateway/snapshot/snapshot.ts";
import { AttemptTicket, type Trials } from "./attempt-ticket.ts";
import type { CredentialState } from "./credential-state.ts";
import { type HealthChange, HealthJudge } from "./judge.ts";
import { type Standing, TargetState } from "./target-state.ts";
import { type Tried, triedKey } from "./tried.ts";
import { UpstreamState } from "./upstream-state.ts";

export interface FleetOptions {
  /** The credentials of an upstream: the same array until they change. */
  credentialsOf(upstreamId: string): readonly UpstreamCredential[];
  /** In how many milliseconds an upstream's own rate limits take another call; 0 when they do now. */
  upstreamWaitMs(upstream: CompiledUpstream): number;
  monotonicMs(): number;
  random(): number;
  onChange(change: HealthChange): void;
}

/**
 * What a node knows of the upstreams it calls: their targets, whether they can be reached, their credentials. Kept by id,
 * so that it survives a new snapshot. Settings are read from the target a call uses, so that new ones hold at once.
 */
export class UpstreamFleet {
  /** Hears how attempts and probes end, and changes what is known by it. */
  readonly judge: HealthJudge;
  private readonly options: FleetOptions;
  private readonly targets = new Map<string, TargetState>();
  private readonly upstreams = new Map<string, UpstreamState>();

  constructor(options: FleetOptions) {
    this.options = options;
    this.judge = new HealthJudge(this.targets, options.monotonicMs, options.onChange);
  }

  monotonicMs(): number {
    return this.options.monotonicMs();
  }

  /** Every target and upstream that a call or a snapshot has named. */
  get everyTarget(): Iterable<TargetState> {
    return this.targets.values();
  }

  get everyUpstream(): Iterable<UpstreamState> {
    return this.upstreams.values();
  }

  credentialStates(upstream: UpstreamState): readonly CredentialState[] {
    return upstream.credentials(this.options.credentialsOf(upstream.upstream.id));
  }

  /** The state of a target, made at its first call. Hot path. */
  stateOf(target: CompiledTarget): TargetState {
    let state = this.targets.get(target.id);
    if (state === undefined) {
      state = new TargetState(target, this.upstreamOf(target.upstream), this.options.random);
      this.targets.set(target.id, state);
    }
    return state;
  }

  /** Why a target can or cannot be chosen now. Hot path. */
  standingOf(state: TargetState, target: CompiledTarget, tried: Tried, nowMs: number): Standing {
    if (target.weight === 0) return "no_weight";
    if (tried?.has(target.id)) return "tried";
    if (this.options.upstreamWaitMs(target.upstream) > 0) return "limited";
    if (!state.breaker.admits(nowMs)) return state.breaker.state === "open" ? "breaker_open" : "trial_under_way";
    const { upstream } = state;
    if (!upstream.reach.admits(nowMs)) return upstream.reach.state === "open" ? "unreachable" : "trial_under_way";
    const list = this.options.credentialsOf(target.upstream.id);
    if (upstream.hasCredential(list, target.id, nowMs, tried)) return "in_service";
    const isLimited = upstream.credentials(list).some((each) => each.isLimited(target.id, nowMs));
    return isLimited ? "limited" : "credentials_resting";
  }

  /**
   * Notes in `tried` that a call has tried a credential (null: none) at a target. Returns whether it may try another one
   * there at once.
   */
  hasOtherCredential(target: CompiledTarget, credentialId: string | null, tried: Set<string>): boolean {
    tried.add(triedKey(target.id, credentialId));
    const state = this.stateOf(target);
    const list = this.options.credentialsOf(target.upstream.id);
    return state.upstream.hasCredential(list, target.id, this.monotonicMs(), tried);
  }

  /** In how many milliseconds the first of the targets may be tried again. */
  soonestMs(targets: readonly CompiledTarget[]): number {
    const nowMs = this.monotonicMs();
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const target of targets) {
      if (target.weight > 0) soonestMs = Math.min(soonestMs, this.freeAtMs(this.stateOf(target)));
    }
    return Number.isFinite(soonestMs) ? Math.max(0, soonestMs - nowMs) : 0;
  }

  private freeAtMs(state: TargetState): number {
    const { breaker, upstream } = state;
    let credentialAtMs = Number.POSITIVE_INFINITY;
    for (const each of this.credentialStates(upstream)) {
      credentialAtMs = Math.min(credentialAtMs, each.freeAtMs(state.id));
    }
    const targetAtMs = breaker.state === "closed" ? 0 : breaker.retryAtMs;
    const upstreamAtMs = upstream.reach.state === "closed" ? 0 : upstream.reach.retryAtMs;
    const waitMs = this.options.upstreamWaitMs(state.target.upstream);
    const limitAtMs = waitMs === 0 ? 0 : this.monotonicMs() + waitMs;
    return Math.max(targetAtMs, upstreamAtMs, credentialAtMs, limitAtMs);
  }

  /**
   * Begins an attempt: takes a credential in turn and, where a breaker's open time is over, the trial. Null when the target
   * cannot be called now after all. The ticket must be settled. Hot path.
   */
  begin(target: CompiledTarget, tried: Tried): AttemptTicket | null {
    const nowMs = this.monotonicMs();
    const state = this.stateOf(target);
    state.target = target;
    const { breaker, upstream } = state;
    upstream.upstream = target.upstream;
    const list = this.options.credentialsOf(target.upstream.id);
    const isAdmitted = breaker.admits(nowMs) && upstream.reach.admits(nowMs);
    const credential = isAdmitted ? upstream.nextCredential(list, target.id, nowMs, tried) : null;
    if (credential !== null) {
      const trials = {
        target: breaker.begin(),
        upstream: upstream.reach.begin(),
        credential: credential.breaker.begin(),
      };
      if (trials.target) this.judge.trialBegan(state);
      if (trials.upstream) this.judge.upstreamTrialBegan(upstream);
      return new AttemptTicket(this.judge, state, credential, trials, nowMs);
    }
    if (!target.upstream.health.triesWhenAllOut) return null;
    const any = upstream.anyCredential(list);
    const noTrials: Trials = { target: false, upstream: false, credential: false };
    return any === null ? null : new AttemptTicket(this.judge, state, any, noTrials, nowMs);
  }

  /** Takes up a new snapshot's targets and upstreams, and forgets what it does not have. */
  retain(snapshot: Snapshot): void {
    const targets = new Map<string, CompiledTarget>();
    for (const route of snapshot.routes.values()) {
      for (const version of route.byPin.values()) {
        for (const target of version.targets) targets.set(target.id, target);
      }
    }
    for (const [id, upstream] of snapshot.upstreams) {
      const state = this.upstreams.get(id);
      if (state !== undefined && state.upstream.origin === upstream.origin) state.upstream = upstream;
      else this.upstreams.set(id, new UpstreamState(upstream, this.options.random));
    }
    for (const id of this.upstreams.keys()) if (!snapshot.upstreams.has(id)) this.upstreams.delete(id);
    for (const [id, state] of this.targets) {
      const target = targets.get(id);
      // Another address is another server: what was known of the old one says nothing of it.
      const isSame = target !== undefined && state.upstream === this.upstreams.get(target.upstream.id);
      if (isSame) state.target = target;
      else this.targets.delete(id);
    }
  }

  private upstreamOf(upstream: CompiledUpstream): UpstreamState {
    let state = this.upstreams.get(upstream.id);
    if (state === undefined) {
      state = new UpstreamState(upstream, this.options.random);
      this.upstreams.set(upstream.id, state);
    }
    return state;
  }
}
