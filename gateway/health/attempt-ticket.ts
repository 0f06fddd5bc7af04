import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import type { CredentialState } from "./credential-state.ts";
import type { HealthJudge } from "./judge.ts";
import type { TargetState } from "./target-state.ts";
import { verdictOfError, verdictOfStatus } from "./verdict.ts";

/** Which of the breakers a call passes it decides alone. */
export interface Trials {
  target: boolean;
  upstream: boolean;
  credential: boolean;
}

/** How an attempt ended: `error` as its record has it. */
export interface AttemptEnd {
  readonly error: string | null;
  readonly status: number | null;
  /** What the upstream asked to be waited for. */
  readonly askedWaitMs: number | null;
}

/** One attempt under way, from the choice of its credential to its end. Every ticket must be settled once. */
export class AttemptTicket {
  readonly target: TargetState;
  readonly credentialState: CredentialState;
  readonly trials: Trials;
  private readonly judge: HealthJudge;
  private readonly startedMs: number;
  private isSettled = false;
  private hasHead = false;

  constructor(judge: HealthJudge, target: TargetState, credential: CredentialState, trials: Trials, nowMs: number) {
    this.judge = judge;
    this.target = target;
    this.credentialState = credential;
    this.trials = trials;
    this.startedMs = nowMs;
    target.inFlight += 1;
  }

  /** What the call carries; null for an upstream that is called without a credential. */
  get credential(): UpstreamCredential | null {
    return this.credentialState.credential;
  }

  /** The answer's head has come. A trial that is answered has succeeded: the answer may go on for minutes. Hot path. */
  head(status: number): void {
    if (this.hasHead) return;
    this.hasHead = true;
    const nowMs = this.judge.clockMs();
    const verdict = verdictOfStatus(status);
    if (verdict === "answered") this.target.latency.observe(nowMs, nowMs - this.startedMs);
    this.judge.connected(this, nowMs);
    if (verdict !== "credential") this.judge.credentialTaken(this, nowMs);
    if (this.trials.target && (verdict === "answered" || verdict === "nothing")) this.judge.targetAnswered(this, nowMs);
  }

  /** The attempt is over. Hot path. */
  settle({ error, status, askedWaitMs }: AttemptEnd): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.target.inFlight -= 1;
    const nowMs = this.judge.clockMs();
    if (error === null || error === "status") {
      this.judge.settled(this, verdictOfStatus(status ?? 0), `status ${status}`, askedWaitMs, nowMs);
    } else {
      this.judge.settled(this, verdictOfError(error, this.hasHead), error.replaceAll("_", " "), askedWaitMs, nowMs);
    }
  }
}
