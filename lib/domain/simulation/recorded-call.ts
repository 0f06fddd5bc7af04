import type { ForwardedAction } from "../../contract/action.ts";
import type { AskedFacts, CallOutcome, TokenUsage } from "../../contract/usage-event.ts";

/** A call as its usage event has it: what a simulation replays. */
export interface RecordedCall {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  readonly consumerId: string;
  readonly apiKeyId: string;
  readonly endUser: string | null;
  readonly sourceAddress: string;
  readonly action: ForwardedAction;
  readonly requestedModel: string | null;
  readonly route: string | null;
  readonly routeVersion: string | null;
  readonly upstreamId: string | null;
  readonly model: string | null;
  /** The revision it was decided by. */
  readonly revision: number;
  readonly outcome: CallOutcome;
  readonly errorCode: string | null;
  readonly attempts: number;
  readonly cache: "hit" | "miss" | "bypass";
  readonly usage: TokenUsage;
  readonly costNanos: bigint | null;
  /** Null for calls that were recorded before it was. */
  readonly asked: AskedFacts | null;
  /** The known parameters of its body. */
  readonly parameters: readonly string[];
}

/** Whoever calls, as the directory has them now. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly planId: string;
  readonly suspendedReason: string | null;
}

/** Whether the gateway let the call through: it reached an upstream, or was answered from the cache. */
export function wasServed({ attempts, outcome, cache }: RecordedCall): boolean {
  return attempts > 0 || cache === "hit" || outcome !== "denied";
}
