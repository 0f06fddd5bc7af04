import type { NodeEventKind } from "#lib/contract/node-event.ts";
import type { AttemptTicket } from "./attempt-ticket.ts";
import type { CredentialState } from "./credential-state.ts";
import type { TargetState } from "./target-state.ts";
import type { UpstreamState } from "./upstream-state.ts";
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

/**
 * Hears how attempts and probes end, counts it in the fault domain it belongs to, and tells of each change. Settings are
 * read from the target that a call used, so that new ones hold at once.
 */
export class HealthJudge {
  private readonly targets: ReadonlyMap<string, TargetState>;
  /** A clock that never goes back, in milliseconds. */
  readonly clockMs: () => number;
  private readonly onChange: (change: HealthChange) => void;

  constructor(
    targets: ReadonlyMap<string, TargetState>,
    clockMs: () => number,
    onChange: (change: HealthChange) => void,
  ) {
    this.targets = targets;
    this.clockMs = clockMs;
    this.onChange = onChange;
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
    if (waitMs <= 0) return;
    const { limitedUntilMs } = credentialState;
    for (const [id, untilMs] of limitedUntilMs) if (untilMs <= nowMs) limitedUntilMs.delete(id);
    limitedUntilMs.set(target.id, nowMs + waitMs);
  }

  private startSlowly(state: TargetState, nowMs: number): void {
    if (state.target.upstream.health.slowStartMs > 0) state.returnedAtMs = nowMs;
  }

  /** A probe found the upstream out of reach: nothing more is sent to it until a trial or a probe brings it back. */
  tripUpstream(upstream: UpstreamState, reason: string): void {
    const nowMs = this.clockMs();
    if (!upstream.reach.trip(nowMs, upstream.upstream.health.reach)) return;
    upstream.sinceMs = nowMs;
    upstream.reason = reason;
    this.noteUpstream("breaker_opened", upstream, reason);
  }

  /** A probe found the upstream well: the next call to it is a trial, however long its breakers would have stayed open. */
  wakeUpstream(upstream: UpstreamState, withTargets: boolean): void {
    const nowMs = this.clockMs();
    upstream.reach.wake(nowMs);
    if (!withTargets) return;
    for (const state of this.targets.values()) if (state.upstream === upstream) state.breaker.wake(nowMs);
  }

  /** Says what a probe found, when it is news. */
  noteProbe(kind: "probe_failed" | "probe_passed", upstream: UpstreamState, reason: string): void {
    this.noteUpstream(kind, upstream, reason);
  }

  trialBegan(target: TargetState): void {
    this.note("breaker_half_open", target, null, "one call is tried");
  }

  upstreamTrialBegan(upstream: UpstreamState): void {
    this.noteUpstream("breaker_half_open", upstream, "one call is tried");
  }

  private note(kind: NodeEventKind, target: TargetState, credential: CredentialState | null, reason: string): void {
    this.onChange({
      kind,
      upstreamId: target.upstream.upstream.id,
      targetId: credential === null ? target.id : null,
      credentialId: credential?.credential?.id ?? null,
      reason,
    });
  }

  private noteUpstream(kind: NodeEventKind, { upstream }: UpstreamState, reason: string): void {
    this.onChange({ kind, upstreamId: upstream.id, targetId: null, credentialId: null, reason });
  }
}
