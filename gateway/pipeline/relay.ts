import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamFailure, UpstreamSink } from "#gateway/upstream/sink.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { GatewayErrorCode } from "#lib/contract/error-code.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerForm, AnswerStream, WholeAnswer } from "./answer-form.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Call } from "./call.ts";
import { gatewayError } from "./error-body.ts";
import { estimateCall } from "./estimate-call.ts";
import type { PipelineParts } from "./parts.ts";

/** The longest refusal of an upstream that is handed on. */
const REFUSAL_BYTES_MAX = 256 * 1_024;
/** How much of a long answer's end is kept to find its usage in. */
const TAIL_BYTES = 16 * 1_024;
const NOTHING = Buffer.alloc(0);

/** `head`: nothing came yet. `whole`: gathering. `long`, `events`: passing on. `refused`: gathering no answer. */
type Mode = "head" | "whole" | "long" | "events" | "refused" | "over";

/** What a relay is given for its one attempt. */
export interface RelayOptions {
  readonly record: AttemptRecord;
  readonly secret: string | null;
  readonly form: AnswerForm;
  readonly done: (result: AttemptResult) => void;
}

/**
 * Takes one upstream's answer to the caller: whole where it is short, as it comes where it is long, event by event where
 * it is a stream. Once anything is out, whatever goes wrong is told in the stream or by cutting the connection.
 */
export class Relay implements UpstreamSink {
  private readonly call: Call;
  private readonly parts: PipelineParts;
  private readonly record: AttemptRecord;
  private readonly secret: string | null;
  private readonly form: AnswerForm;
  private readonly done: (result: AttemptResult) => void;
  private mode: Mode = "head";
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private chunks: Buffer[] = [];
  private size = 0;
  private tail: Buffer = NOTHING;
  private stream: AnswerStream | null = null;
  /** Whether the head of the answer is on its way to the caller. */
  private hasBegun = false;
  /** From when on the time that passes is the upstream's. */
  private waitingSinceMs: number;

  constructor(call: Call, parts: PipelineParts, { record, secret, form, done }: RelayOptions) {
    this.call = call;
    this.parts = parts;
    this.record = record;
    this.secret = secret;
    this.form = form;
    this.done = done;
    this.waitingSinceMs = parts.monotonicMs();
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
    this.record.status = status;
    this.call.sending?.head(status);
    if (status < 200 || status > 299) this.mode = "refused";
    else if (this.form.isStream(headers["content-type"] ?? "")) this.beginEvents();
    else this.mode = "whole";
  }

  data(chunk: Buffer): void {
    this.size += chunk.length;
    switch (this.mode) {
      case "events":
        this.relayEvents(chunk);
        return;
      case "long":
        this.keepTail(chunk);
        this.write(chunk);
        return;
      case "whole":
        this.chunks.push(chunk);
        if (this.size > this.form.wholeBytesMax) this.becomeLong();
        return;
      case "refused":
        if (this.size <= REFUSAL_BYTES_MAX) this.chunks.push(chunk);
        else this.call.exchange?.cancel();
        return;
      case "head":
      case "over":
        return;
    }
  }

  end(): void {
    if (this.mode === "over") return;
    this.close();
    switch (this.mode) {
      case "head":
        this.fail("reset");
        return;
      case "events":
        this.endEvents();
        return;
      case "long":
        this.takeUsage(this.form.usageInTail(this.tail), this.size);
        this.succeed();
        this.call.reply.end();
        this.done("answered");
        return;
      case "whole":
        this.sendWhole();
        return;
      case "refused":
        this.endRefused();
        return;
    }
  }

  error(failure: UpstreamFailure): void {
    if (this.mode === "over") return;
    this.close();
    if (this.mode === "refused") this.failStatus();
    else if (this.hasBegun) this.breakOff(failure);
    else this.fail(failure);
  }

  private close(): void {
    const nowMs = this.parts.monotonicMs();
    if (!this.hasBegun) this.call.waitedMs += nowMs - this.waitingSinceMs;
    this.record.durationMs = Math.round((nowMs - this.call.startedMs - this.record.startedAtMs) * 1_000) / 1_000;
    this.call.exchange = null;
  }

  private begin(headers: string[]): void {
    const nowMs = this.parts.monotonicMs();
    this.call.waitedMs += nowMs - this.waitingSinceMs;
    this.call.firstByteMs = nowMs - this.call.startedMs;
    this.hasBegun = true;
    this.call.reply.begin(this.status, headers);
  }

  private answerHeaders(contentType: string | null): string[] {
    const headers = answerHeaders(this.call, this.parts.monotonicMs());
    this.form.addHeaders(headers, this.headers, contentType);
    return headers;
  }

  private beginEvents(): void {
    this.mode = "events";
    this.stream = this.form.stream(this.headers);
    // What is passed on unread begins at once; a translation begins when it has something to say.
    if (this.form.canPassOn) this.begin(this.answerHeaders(this.form.streamContentType));
  }

  private becomeLong(): void {
    if (!this.form.canPassOn) {
      this.giveUp();
      return;
    }
    this.mode = "long";
    this.begin(this.answerHeaders(null));
    for (const chunk of this.chunks.splice(0)) {
      this.keepTail(chunk);
      this.write(chunk);
    }
  }

  private keepTail(chunk: Buffer): void {
    this.tail = (chunk.length >= TAIL_BYTES ? chunk : Buffer.concat([this.tail, chunk])).subarray(-TAIL_BYTES);
  }

  private write(chunk: Buffer): void {
    if (!this.call.reply.write(chunk)) this.call.exchange?.pause();
  }

  private relayEvents(chunk: Buffer): void {
    const { stream } = this;
    if (stream === null) return;
    const out = stream.push(chunk);
    if (out.length > 0) this.writeEvents(out);
    if (stream.problem !== null) this.giveUp();
  }

  private writeEvents(bytes: Buffer): void {
    if (!this.hasBegun) this.begin(this.answerHeaders(this.form.streamContentType));
    this.write(bytes);
  }

  private endEvents(): void {
    const rest = this.stream?.end() ?? NOTHING;
    if (rest.length > 0) this.writeEvents(rest);
    if (this.stream !== null && this.stream.problem !== null) {
      this.failAnswer();
      return;
    }
    if (!this.hasBegun) this.begin(this.answerHeaders(this.form.streamContentType));
    this.takeUsage(this.stream?.usage ?? null, this.stream?.textBytes ?? 0);
    this.succeed();
    this.call.reply.end();
    this.done("answered");
  }

  private sendWhole(): void {
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks, this.size);
    const answer = this.form.whole(body, this.headers);
    if (answer === null) {
      this.failAnswer();
      return;
    }
    this.takeUsage(answer.usage, answer.textBytes);
    this.succeed();
    this.answerWhole(answer);
  }

  private answerWhole({ body, contentType }: WholeAnswer): void {
    const headers = this.answerHeaders(contentType);
    headers.push("content-length", String(body.length));
    this.call.firstByteMs = this.parts.monotonicMs() - this.call.startedMs;
    this.call.reply.whole(this.status, headers, body);
    this.done("answered");
  }

  /** An upstream that refuses: what it says is handed on, unless it speaks of our credential or may be tried elsewhere. */
  private endRefused(): void {
    const body = Buffer.concat(this.chunks);
    const isOurs = this.status === 401 || this.status === 403 || this.status === 407;
    const speaksOfSecret = this.secret !== null && body.includes(this.secret);
    const isRefusal = this.status >= 400 && this.status < 500 && this.status !== 429;
    if (!isRefusal || isOurs || speaksOfSecret) this.failStatus();
    else this.handOn(body);
  }

  /** Hands an upstream's own refusal on to the caller. */
  private handOn(body: Buffer): void {
    this.record.error = "status";
    this.call.status = this.status;
    this.call.outcome = "error";
    this.call.errorCode = "upstream_rejected";
    this.answerWhole(this.form.refusal(this.status, body));
  }

  private succeed(): void {
    this.call.status = this.status;
    this.call.outcome = "ok";
  }

  private takeUsage(usage: TokenUsage | null, outputBytes: number): void {
    this.call.usage = usage ?? estimateCall(this.call, outputBytes);
  }

  /**
   * What a stream that ends in the middle has used: what its upstream said last, and an estimate of the text since.
   * Anthropic says at the beginning what went in, and only at the very end what came out.
   */
  private usageSoFar(): TokenUsage | null {
    const { stream } = this;
    if (stream === null || stream.usage === null) return null;
    const unsaid = estimateCall(this.call, stream.textBytes - stream.usageTextBytes).outputTokens;
    if (unsaid <= 0) return stream.usage;
    return { ...stream.usage, outputTokens: stream.usage.outputTokens + unsaid, source: "estimate" };
  }

  /** The answer cannot be used: the upstream is told to stop, and nothing more is heard from it. */
  private giveUp(): void {
    const { exchange } = this.call;
    this.close();
    this.failAnswer();
    exchange?.cancel();
  }

  /** The upstream's answer is no answer, or says that it failed. */
  private failAnswer(): void {
    const problem = this.stream?.problem ?? "The upstream's answer could not be understood.";
    this.record.error = "answer";
    this.mode = "over";
    if (this.hasBegun) {
      this.takeUsage(this.usageSoFar(), this.stream?.textBytes ?? this.size);
      this.tellCaller("upstream_error", problem);
      this.done("answered");
      return;
    }
    // A stream that failed before it said anything has cost nothing; a whole answer has.
    const isWhole = this.stream === null;
    if (isWhole) this.takeUsage(null, this.size);
    this.done({ reason: "answer", status: this.record.status, headers: null, hasBegun: isWhole, problem });
  }

  /** The end came while the answer was under way: the caller hears of it in the stream, or by a cut connection. */
  private breakOff(failure: UpstreamFailure): void {
    this.record.error = failure;
    this.takeUsage(this.usageSoFar(), this.stream?.textBytes ?? this.size);
    if (this.call.isCallerGone) {
      this.call.status = 499;
      this.call.outcome = "cancelled";
      this.call.errorCode = "client_closed_request";
    } else if (failure.startsWith("timeout")) this.tellCaller("upstream_timeout", "The upstream stopped answering.");
    else this.tellCaller("upstream_error", "The upstream broke off its answer.");
    this.done("answered");
  }

  private tellCaller(code: GatewayErrorCode, message: string): void {
    this.call.status = this.status;
    this.call.outcome = "error";
    this.call.errorCode = code;
    if (this.stream === null) {
      this.call.reply.cut();
      return;
    }
    this.call.reply.write(this.stream.failed(gatewayError(code, message, { callId: this.call.id })));
    this.call.reply.end();
  }

  private fail(failure: UpstreamFailure): void {
    this.record.error = failure;
    const hasBegun = this.mode === "whole" || (this.stream?.textBytes ?? 0) > 0;
    if (hasBegun || (failure === "cancelled" && this.call.isCallerGone)) this.takeUsage(null, this.size);
    this.done({ reason: failure, status: this.record.status, headers: null, hasBegun });
  }

  private failStatus(): void {
    this.record.error = "status";
    this.done({ reason: "status", status: this.status, headers: this.headers, hasBegun: false });
  }
}
