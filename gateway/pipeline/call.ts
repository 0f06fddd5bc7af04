import type { Recording } from "#gateway/cache/recording.ts";
import type { GenerationRequest } from "#gateway/dialects/generation.ts";
import type { AttemptTicket } from "#gateway/health/attempt-ticket.ts";
import type { DirectoryState } from "#gateway/snapshot/directory.ts";
import type { KnownApiKey } from "#gateway/snapshot/key-table.ts";
import type {
  CompiledPlan,
  CompiledRoute,
  CompiledTarget,
  CompiledVersion,
  Snapshot,
} from "#gateway/snapshot/snapshot.ts";
import type { BodyFacts } from "#gateway/stream/body-scanner.ts";
import type { UpstreamExchange } from "#gateway/upstream/sink.ts";
import type { SpoolTicket } from "#gateway/usage/spool.ts";
import type { CallerFormat, GatewayAction } from "#lib/contract/action.ts";
import type { AttemptRecord, CandidateRecord, StageDecision } from "#lib/contract/decision.ts";
import type { DirectoryConsumer } from "#lib/contract/directory.ts";
import type { CallOutcome, TokenUsage } from "#lib/contract/usage-event.ts";
import type { Hold } from "#lib/policy/limits/hold.ts";
import type { Denial } from "./denial.ts";

/** Where a call's answer goes: the caller's connection, without its details. */
export interface Reply {
  /** Whether a byte may have left: after that there is no retry and no other status. */
  readonly isStarted: boolean;
  /** Sends a whole answer in one write. */
  whole(status: number, headers: string[], body: Buffer): void;
  /** Begins an answer of unknown length. */
  begin(status: number, headers: string[]): void;
  /** Sends on. Returns false when the caller is slower than the upstream. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** Cuts the connection, so that the caller cannot take half an answer for a whole one. */
  cut(): void;
}

/** A REST call as its route has it. */
export interface HttpCall {
  /** The path below the upstream's base URL and the query, as the route's rules leave them. */
  readonly target: string;
  /** The template that the caller's path matched. */
  readonly template: string;
}

/** Why a body could not be had: too long, or the caller went away in the middle of it. */
export type BodyFailure = "too_large" | "gone";

/** The caller's request, without the details of HTTP. */
export interface CallerRequest {
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly sourceAddress: string;
  /** What stands behind the question mark, as sent. */
  readonly query: string;
  /** What follows the endpoint's path: the model's name in `GET /v1/models/{id}`. */
  readonly pathTail: string | null;
  readonly method: string;
  readBody(bytesMax: number): Promise<Buffer | BodyFailure>;
}

const NO_USAGE: TokenUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  source: "none",
};

/** Everything about one call, filled stage by stage. One object per call; the snapshot and directory are read once. */
export class Call {
  readonly id: string;
  readonly action: GatewayAction;
  /** The format the caller speaks. */
  readonly format: CallerFormat;
  readonly request: CallerRequest;
  /** Replaced by one that also records where the answer may be kept. */
  reply: Reply;
  readonly snapshot: Snapshot;
  readonly directory: DirectoryState;
  /** Wall clock (corrected) and monotonic clock at the start. */
  readonly startedAtMs: number;
  readonly startedMs: number;

  apiKey: KnownApiKey | null = null;
  consumer: DirectoryConsumer | null = null;
  body: Buffer | null = null;
  facts: BodyFacts | null = null;
  /** The body's facts and length as they arrived, whatever guardrails make of it. */
  sentFacts: BodyFacts | null = null;
  sentBytes = 0;
  /** The body's type as the upstream is told of it. */
  contentType = "application/json";
  plan: CompiledPlan | null = null;
  route: CompiledRoute | null = null;
  version: CompiledVersion | null = null;
  /** `version` with only the targets that can serve this action: balancing is done in it. */
  serving: CompiledVersion | null = null;
  target: CompiledTarget | null = null;
  /** What a consistent hash goes by; 0 under any other strategy. */
  keyHash = 0;
  /** The request as dialects share it, once a translation asked for it; or why it cannot be read. */
  generation: GenerationRequest | Denial | null = null;
  /** What a REST call asks of its upstream; null for a model's call, and before it is known. */
  http: HttpCall | null = null;
  /** `x-api-version`, `user-agent` and `traceparent` as sent, picked up in one pass with the credentials. */
  versionHeader: string | null = null;
  userAgent: string | null = null;
  traceparent: string | null = null;
  /** Rate limit headers for the answer, as a flat list. */
  limitHeaders: readonly string[] = [];
  /** What the call holds of its plan's and route's rate limits, and its attempt under way of its upstream's. */
  readonly limitHolds: Hold[] = [];
  readonly attemptHolds: Hold[] = [];

  readonly decisions: StageDecision[] = [];
  candidates: CandidateRecord[] = [];
  readonly attempts: AttemptRecord[] = [];
  ticket: SpoolTicket | null = null;
  /** The request to an upstream that is under way. */
  exchange: UpstreamExchange | null = null;
  /** The attempt that is under way, with its credential. */
  sending: AttemptTicket | null = null;
  isCallerGone = false;
  /** What is still to be done once the answer is under way, before the call is metered: its guardrails may be reading it. */
  conclude: (() => Promise<void>) | null = null;
  /** Whether the answer came from the cache (`hit`), could have (`miss`), or the cache was not asked. */
  cache: "hit" | "miss" | "bypass" = "bypass";
  /** On a hit: the target whose answer it was. */
  answeredBy: CompiledTarget | null = null;
  recording: Recording | null = null;
  /** How long the upstream lets its answer be kept. */
  answerMaxAgeSeconds = Number.POSITIVE_INFINITY;

  /** Milliseconds spent waiting for the caller's body and for upstreams: not the gateway's own. */
  waitedMs = 0;
  firstByteMs: number | null = null;
  status = 0;
  outcome: CallOutcome = "error";
  errorCode: string | null = null;
  usage: TokenUsage = NO_USAGE;

  constructor(start: {
    id: string;
    action: GatewayAction;
    format: CallerFormat;
    request: CallerRequest;
    reply: Reply;
    snapshot: Snapshot;
    directory: DirectoryState;
    startedAtMs: number;
    startedMs: number;
  }) {
    this.id = start.id;
    this.action = start.action;
    this.format = start.format;
    this.request = start.request;
    this.reply = start.reply;
    this.snapshot = start.snapshot;
    this.directory = start.directory;
    this.startedAtMs = start.startedAtMs;
    this.startedMs = start.startedMs;
  }

  /** Records that a stage let the call pass, and by which rule. */
  allow(stage: string, rule: string, facts?: StageDecision["facts"]): void {
    this.decisions.push(
      facts === undefined ? { stage, verdict: "allow", rule } : { stage, verdict: "allow", rule, facts },
    );
  }

  /** The caller's connection closed before the answer was whole: the upstream is told to stop. */
  callerGone(): void {
    this.isCallerGone = true;
    this.exchange?.cancel();
  }

  /** The caller has read what was sent and takes more. */
  callerReady(): void {
    this.exchange?.resume();
  }
}
