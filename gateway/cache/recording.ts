import type { Call, Reply } from "#gateway/pipeline/call.ts";
import type { CacheRule } from "#lib/contract/cache-rule.ts";
import type { Flight } from "./flight.ts";
import type { KeptAnswer } from "./kept-answer.ts";
import { type Recorded, type RecordingBudget, RecordingReply } from "./recording-reply.ts";

/** What an answer says of the call it was made for, not of itself; the gateway says it anew each time. */
const OF_THE_CALL = new Set([
  "x-request-id",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "retry-after-ms",
  "traceparent",
  "deprecation",
  "sunset",
  "age",
  "connection",
]);
const OF_THE_CALL_PREFIX = ["x-turnpike-", "x-ratelimit-"];

/** What to do with a finished recording. */
export interface RecordingOwner {
  keep(recording: Recording, answer: KeptAnswer): void;
  over(recording: Recording): void;
}

/** The recording of one call's answer, from the moment it is let through to its end. */
export class Recording {
  readonly key: string;
  readonly route: string;
  readonly rule: CacheRule;
  /** Those who wait for this answer; null where another identical call is already waited for. */
  readonly flight: Flight | null;
  private readonly owner: RecordingOwner;
  private readonly reply: RecordingReply;

  constructor(start: {
    key: string;
    route: string;
    rule: CacheRule;
    flight: Flight | null;
    reply: Reply;
    budget: RecordingBudget;
    owner: RecordingOwner;
  }) {
    this.key = start.key;
    this.route = start.route;
    this.rule = start.rule;
    this.flight = start.flight;
    this.owner = start.owner;
    this.reply = new RecordingReply(start.reply, start.rule.maxEntryBytes, start.budget, {
      onUseless: this.giveUp,
      onSlow: this.giveUp,
    });
  }

  /** The reply that the call's answer is to go through. */
  get through(): Reply {
    return this.reply;
  }

  /** The call is over: its answer is kept if it ended well and is one to keep. Always called, whatever happened. */
  settle(call: Call, nowMs: number): void {
    const recorded = call.outcome === "ok" ? this.reply.recorded() : null;
    const answer = recorded === null ? null : this.answerOf(recorded, call, nowMs);
    this.reply.release();
    if (answer === null) {
      this.giveUp();
      return;
    }
    this.owner.keep(this, answer);
    this.flight?.land(answer);
    this.owner.over(this);
  }

  /** Nobody waits for this answer any longer. */
  private readonly giveUp = (): void => {
    this.flight?.land(null);
    this.owner.over(this);
  };

  private answerOf(recorded: Recorded, call: Call, nowMs: number): KeptAnswer | null {
    const targetId = call.target?.id;
    const seconds = Math.min(this.rule.ttlSeconds, call.answerMaxAgeSeconds);
    if (targetId === undefined || seconds <= 0 || !isWholeSuccess(recorded.status)) return null;
    return {
      status: recorded.status,
      headers: ownHeaders(recorded, call.version?.deprecationHeaders ?? []),
      pieces: recorded.pieces,
      isStream: recorded.isStream,
      usage: call.usage,
      targetId,
      madeAtMs: nowMs,
      expiresAtMs: nowMs + seconds * 1_000,
    };
  }
}

/** A redirect may be for one moment and one caller, and a part is no answer to another question. */
function isWholeSuccess(status: number): boolean {
  return status >= 200 && status <= 299 && status !== 206;
}

function ownHeaders({ headers, isStream }: Recorded, ofVersion: readonly string[]): string[] {
  const own: string[] = [];
  for (let place = 0; place + 1 < headers.length; place += 2) {
    const name = (headers[place] ?? "").toLowerCase();
    const value = headers[place + 1] ?? "";
    if (OF_THE_CALL.has(name) || OF_THE_CALL_PREFIX.some((prefix) => name.startsWith(prefix))) continue;
    // A whole answer's length is that of its body; one that was sent on as it came keeps what it said.
    if (name === "content-length" && !isStream) continue;
    if (name === "link" && ofVersion.includes(value)) continue;
    own.push(name, value);
  }
  return own;
}
