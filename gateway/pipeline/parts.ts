import type { TargetBalancer } from "#gateway/balance/balancer.ts";
import type { RetryBudget } from "#gateway/balance/retry-budget.ts";
import type { AnswerCache } from "#gateway/cache/answer-cache.ts";
import type { UpstreamFleet } from "#gateway/health/fleet.ts";
import type { CallLimits } from "#gateway/limits/call-limits.ts";
import type { ProviderTools } from "#gateway/providers/contract.ts";
import type { DirectoryState } from "#gateway/snapshot/directory.ts";
import type { UpstreamClient } from "#gateway/upstream/sink.ts";
import type { UsageSpool } from "#gateway/usage/spool.ts";
import type { Call } from "./call.ts";
import type { StageResult } from "./denial.ts";

/** What stages work with. State in it outlives snapshots; each part is handed in, so that tests can replace it. */
export interface PipelineParts {
  readonly limiter: CallLimits;
  readonly answers: AnswerCache;
  readonly balancer: TargetBalancer;
  readonly fleet: UpstreamFleet;
  readonly retryBudget: RetryBudget;
  readonly upstreams: UpstreamClient;
  readonly spool: UsageSpool;
  /** What an upstream is called with, for signatures; null for one without a credential. */
  secretOf(upstreamId: string): string | null;
  /** What adapters ask for tokens with. */
  readonly providerTools: ProviderTools;
  /**
   * Who may call, as it stands now: a call may last longer than the state it began with. Complete once it has been whole:
   * before that an unknown key may only not have arrived.
   */
  readonly directory: { readonly current: DirectoryState; readonly isComplete: boolean };
  /** Milliseconds since 1970 by the control plane's clock. */
  nowMs(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  /** Milliseconds since this node was sure to know all that the control plane had told; infinity for never. */
  staleMs(): number;
  random(): number;
  readonly bodyBytesMax: number;
  /** How long a stage may take to decide that has no deadline of its own; a call that it does not decide about is refused. */
  readonly stageDeadlineMs: number;
  /** Whether one more refusal of this consumer (null: nobody known) is recorded: asked once for each, false beyond a rate. */
  mayRecordDenial(consumerId: string | null): boolean;
  /** Told of every exception in a stage; the caller hears `policy_failure`. */
  onStageError(stage: string, error: unknown): void;
  /** Told when a call is over and metered. */
  onFinished(call: Call): void;
}

/** What decides whether a stage is in a compiled list. */
export interface StageNeeds {
  /** A call of a model. */
  readonly isInference: boolean;
  /** A call of a REST API. */
  readonly isHttp: boolean;
  readonly hasRateLimits: boolean;
}

/** One step of the pipeline. Lets the call pass with `ALLOW`; whatever else it does, the call is refused. */
export interface Stage {
  readonly name: string;
  isNeeded(needs: StageNeeds): boolean;
  /** Whether what it waits for is bounded by itself: a body, a webhook, an upstream. Any other has `stageDeadlineMs`. */
  readonly hasOwnDeadline: boolean;
  run(call: Call, parts: PipelineParts): StageResult | Promise<StageResult>;
}
