import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CompiledTarget, CompiledUpstream, Snapshot } from "#gateway/snapshot/snapshot.ts";
import type { NodeEventKind } from "#lib/contract/node-event.ts";
import { AttemptTicket, type Trials } from "./attempt-ticket.ts";
import type { CredentialState } from "./credential-state.ts";
import { type Standing, TargetState } from "./target-state.ts";
import { type Tried, triedKey } from "./tried.ts";
import { UpstreamState } from "./upstream-state.ts";
import type { Verdict } from "./verdict.ts";

/** What a target is taken to need at least, once it has failed: a quick failure must not look like a quick answer. */
const FAILED_LATENCY_MS = 1_000;

/** One change of health, before it has an id and a time. */
export interface HealthChange {
  readonly kind: NodeEventKind;
  readonly upstreamId: string;
  readonly targetId: string | null;
  readonly credentialId: string | null;
  readonly reason: string;
}

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
  private readonly options: FleetOptions;
  private readonly targets = new Map<string, TargetState>();
  private readonly upstreams = new Map<string, UpstreamState>();

  constructor(options: FleetOptions) {
    this.options = options;
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
      if (trials.target) this.note("breaker_half_open", state, null, "one call is tried");
      if (trials.upstream) this.noteUpstream("breaker_half_open", upstream, "one call is tried");
      return new AttemptTicket(this, state, credential, trials, nowMs);
    }
    if (!target.upstream.health.triesWhenAllOut) return null;
    const any = upstream.anyCredential(list);
    const noTrials: Trials = { target: false, upstream: false, credential: false };
    return any === null ? null : new AttemptTicket(this, state, any, noTrials, nowMs);
  }

  /** A connection stood. Called by tickets. */
  connected({ target, trials }: AttemptTicket, nowMs: number): void {
    const { upstream } = target;
    const { reach } = target.target.upstream.health;
    if (upstream.reach.succeeded(nowMs, trials.upstream, reach)) {
      this.noteUpstream("breaker_closed", upstream, "a connection stands again");
      for (const state of this.targets.values()) if (state.upstream === upstream) this.startSlowly(state, nowMs);
    }
    trials.upstream = false;
  }

  /** The credential was not refused. Called by tickets. */
  credentialTaken({ target, credentialState, trials }: AttemptTicket, nowMs: number): void {
    const settings = target.target.upstream.health.credential;
    if (settings !== null && credentialState.breaker.succeeded(nowMs, trials.credential, settings)) {
      this.note("credential_returned", target, credentialState, "the upstream takes it again");
    }
    trials.credential = false;
  }

  /** The target answered well. Called by tickets. */
  targetAnswered({ target, trials }: AttemptTicket, nowMs: number): void {
    if (target.breaker.succeeded(nowMs, trials.target, target.target.upstream.health.breaker)) {
      this.note("breaker_closed", target, null, "the trial was answered");
      this.startSlowly(target, nowMs);
    }
    trials.target = false;
  }

  /** Counts the end of an attempt where it belongs. Called by tickets. */
  settled(ticket: AttemptTicket, verdict: Verdict, words: string, askedWaitMs: number | null, nowMs: number): void {
    const { target, trials } = ticket;
    switch (verdict) {
      case "answered":
        this.targetAnswered(ticket, nowMs);
        break;
      case "target":
        this.targetFailed(ticket, words, nowMs);
        break;
      case "upstream":
        this.unreachable(ticket, words, nowMs);
        break;
      case "credential":
        this.credentialRefused(ticket, words, nowMs);
        break;
      case "limited":
        this.limited(ticket, askedWaitMs, nowMs);
        break;
      case "nothing":
        break;
    }
    // What told nothing of a breaker leaves its trial to the next call.
    target.breaker.abandoned(trials.target);
    target.upstream.reach.abandoned(trials.upstream);
    ticket.credentialState.breaker.abandoned(trials.credential);
  }

  private targetFailed({ target, trials }: AttemptTicket, words: string, nowMs: number): void {
    const { breaker, latency } = target;
    latency.observe(nowMs, Math.max(FAILED_LATENCY_MS, 2 * latency.read(nowMs)));
    if (breaker.failed(nowMs, trials.target, target.target.upstream.health.breaker)) {
      target.sinceMs = nowMs;
      target.returnedAtMs = null;
      target.reason = trials.target ? `the trial failed: ${words}` : `too many failures, the last: ${words}`;
      this.note("breaker_opened", target, null, target.reason);
    }
    trials.target = false;
  }

  private unreachable({ target, trials }: AttemptTicket, words: string, nowMs: number): void {
    const { upstream, latency } = target;
    latency.observe(nowMs, Math.max(FAILED_LATENCY_MS, 2 * latency.read(nowMs)));
    if (upstream.reach.failed(nowMs, trials.upstream, target.target.upstream.health.reach)) {
      upstream.sinceMs = nowMs;
      upstream.reason = `no connection: ${words}`;
      this.noteUpstream("breaker_opened", upstream, upstream.reason);
    }
    trials.upstream = false;
  }

  private credentialRefused({ target, credentialState, trials }: AttemptTicket, words: string, nowMs: number): void {
    const settings = target.target.upstream.health.credential;
    if (settings !== null && credentialState.breaker.failed(nowMs, trials.credential, settings)) {
      credentialState.sinceMs = nowMs;
      credentialState.reason = `the upstream refused it: ${words}`;
      this.note("credential_parked", target, credentialState, credentialState.reason);
    }
    trials.credential = false;
  }

  private limited({ target, credentialState }: AttemptTicket, askedWaitMs: number | null, nowMs: number): void {
    const waitMs = Math.min(askedWaitMs ?? 0, target.target.upstream.health.retryAfterMsMax);
    if (waitMs > 0) credentialState.limitedUntilMs.set(target.id, nowMs + waitMs);
  }

  private startSlowly(state: TargetState, nowMs: number): void {
    if (state.target.upstream.health.slowStartMs > 0) state.returnedAtMs = nowMs;
  }

  /** A probe found the upstream out of reach: nothing more is sent to it until a trial or a probe brings it back. */
  tripUpstream(upstream: UpstreamState, reason: string): void {
    const nowMs = this.monotonicMs();
    if (!upstream.reach.trip(nowMs, upstream.upstream.health.reach)) return;
    upstream.sinceMs = nowMs;
    upstream.reason = reason;
    this.noteUpstream("breaker_opened", upstream, reason);
  }

  /** A probe found the upstream well: the next call to it is a trial, however long its breakers would have stayed open. */
  wakeUpstream(upstream: UpstreamState, withTargets: boolean): void {
    const nowMs = this.monotonicMs();
    upstream.reach.wake(nowMs);
    if (!withTargets) return;
    for (const state of this.targets.values()) if (state.upstream === upstream) state.breaker.wake(nowMs);
  }

  /** Says what a probe found, when it is news. */
  noteProbe(kind: "probe_failed" | "probe_passed", upstream: UpstreamState, reason: string): void {
    this.noteUpstream(kind, upstream, reason);
  }

  private note(kind: NodeEventKind, target: TargetState, credential: CredentialState | null, reason: string): void {
    this.options.onChange({
      kind,
      upstreamId: target.upstream.upstream.id,
      targetId: credential === null ? target.id : null,
      credentialId: credential?.credential?.id ?? null,
      reason,
    });
  }

  private noteUpstream(kind: NodeEventKind, { upstream }: UpstreamState, reason: string): void {
    this.options.onChange({ kind, upstreamId: upstream.id, targetId: null, credentialId: null, reason });
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
