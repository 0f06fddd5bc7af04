import type { IncomingHttpHeaders } from "node:http";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { EventScan } from "#gateway/stream/event-scan.ts";
import { asksForUsage } from "#gateway/stream/splice-body.ts";
import { findUsage } from "#gateway/stream/usage-scan.ts";
import type { UpstreamFailure, UpstreamSink } from "#gateway/upstream/sink.ts";
import { estimateUsage } from "#gateway/usage/estimate.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { GatewayErrorCode } from "#lib/contract/error-code.ts";
import { answerHeaders } from "./answer-headers.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Call } from "./call.ts";
import { errorBody } from "./error-body.ts";
import { addUpstreamHeaders } from "./header-rules.ts";
import type { PipelineParts } from "./parts.ts";

/** An answer up to this size is sent in one write; a longer one is passed on as it comes. */
const WHOLE_BYTES_MAX = 1_024 * 1_024;
/** The longest refusal of an upstream that is handed on. */
const REFUSAL_BYTES_MAX = 256 * 1_024;
/** How much of a long answer's end is kept to find its usage in. */
const TAIL_BYTES = 16 * 1_024;
const NOTHING = Buffer.alloc(0);

/** `head`: nothing came yet. `whole`: gathering. `long`, `events`: passing on. `refused`: gathering no answer. */
type Mode = "head" | "whole" | "long" | "events" | "refused";

/**
 * Takes one upstream's answer to the caller: whole where it is short, as it comes where it is long, event by event where
 * it is a stream. Once anything is out, whatever goes wrong is told in the stream or by cutting the connection.
 */
export class Relay implements UpstreamSink {
  private readonly call: Call;
  private readonly parts: PipelineParts;
  private readonly target: CompiledTarget;
  private readonly record: AttemptRecord;
  private readonly secret: string | null;
  private readonly done: (result: AttemptResult) => void;
  private mode: Mode = "head";
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private chunks: Buffer[] = [];
  private size = 0;
  private tail: Buffer = NOTHING;
  private scan: EventScan | null = null;
  /** From when on the time that passes is the upstream's. */
  private waitingSinceMs: number;

  constructor(
    call: Call,
    parts: PipelineParts,
    target: CompiledTarget,
    record: AttemptRecord,
    secret: string | null,
    done: (result: AttemptResult) => void,
  ) {
    this.call = call;
    this.parts = parts;
    this.target = target;
    this.record = record;
    this.secret = secret;
    this.done = done;
    this.waitingSinceMs = parts.monotonicMs();
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
    this.record.status = status;
    if (status < 200 || status > 299) this.mode = "refused";
    else if (headers["content-type"]?.startsWith("text/event-stream")) this.beginEvents();
    else this.mode = "whole";
  }

  data(chunk: Buffer): void {
    this.size += chunk.length;
    switch (this.mode) {
      case "head":
        return;
      case "events": {
        const out = this.scan?.push(chunk) ?? chunk;
        if (out.length > 0) this.write(out);
        return;
      }
      case "long":
        this.keepTail(chunk);
        this.write(chunk);
        return;
      case "whole":
        this.chunks.push(chunk);
        if (this.size > WHOLE_BYTES_MAX) this.becomeLong();
        return;
      case "refused":
        if (this.size <= REFUSAL_BYTES_MAX) this.chunks.push(chunk);
        else this.call.exchange?.cancel();
        return;
    }
  }

  end(): void {
    this.close();
    switch (this.mode) {
      case "head":
        this.fail("reset");
        return;
      case "events":
        this.endEvents();
        return;
      case "long":
        this.takeUsage(findUsage(this.tail), this.size);
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
    this.close();
    if (this.mode === "refused") this.failStatus();
    else if (this.mode === "events" || this.mode === "long") this.breakOff(failure);
    else this.fail(failure);
  }

  private close(): void {
    const nowMs = this.parts.monotonicMs();
    if (this.mode !== "events" && this.mode !== "long") this.call.waitedMs += nowMs - this.waitingSinceMs;
    this.record.durationMs = Math.round((nowMs - this.call.startedMs - this.record.startedAtMs) * 1_000) / 1_000;
    this.call.exchange = null;
  }

  private begin(headers: string[]): void {
    const nowMs = this.parts.monotonicMs();
    this.call.firstByteMs = nowMs - this.call.startedMs;
    this.call.reply.begin(this.status, headers);
  }

  private passedHeaders(): string[] {
    const headers = answerHeaders(this.call, this.parts.monotonicMs());
    addUpstreamHeaders(headers, this.headers, this.secret);
    return headers;
  }

  private beginEvents(): void {
    this.call.waitedMs += this.parts.monotonicMs() - this.waitingSinceMs;
    this.mode = "events";
    const { facts } = this.call;
    this.scan = new EventScan(facts !== null && !asksForUsage(facts));
    this.begin(this.passedHeaders());
  }

  private becomeLong(): void {
    this.call.waitedMs += this.parts.monotonicMs() - this.waitingSinceMs;
    this.mode = "long";
    this.begin(this.passedHeaders());
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

  private sendWhole(): void {
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks, this.size);
    this.takeUsage(findUsage(body), body.length);
    this.succeed();
    this.answerWhole(body);
  }

  private answerWhole(body: Buffer): void {
    const headers = this.passedHeaders();
    headers.push("content-length", String(body.length));
    this.call.firstByteMs = this.parts.monotonicMs() - this.call.startedMs;
    this.call.reply.whole(this.status, headers, body);
    this.done("answered");
  }

  private endEvents(): void {
    const rest = this.scan?.end() ?? NOTHING;
    if (rest.length > 0) this.write(rest);
    this.takeUsage(this.scan?.usage ?? null, this.scan?.textBytes ?? 0);
    this.succeed();
    this.call.reply.end();
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

  /** Hands an upstream's own refusal on to the caller, unchanged. */
  private handOn(body: Buffer): void {
    this.record.error = "status";
    this.call.status = this.status;
    this.call.outcome = "error";
    this.call.errorCode = "upstream_rejected";
    this.answerWhole(body);
  }

  private succeed(): void {
    this.call.status = this.status;
    this.call.outcome = "ok";
  }

  private takeUsage(reported: unknown, outputBytes: number): void {
    const usage = reported === null ? null : this.target.upstream.provider.readUsage(reported);
    const generatedBytes = this.call.action === "embeddings" ? 0 : outputBytes;
    this.call.usage = usage ?? estimateUsage(this.call.body?.length ?? 0, generatedBytes);
  }

  /** The end came while the answer was under way: the caller hears of it in the stream, or by a cut connection. */
  private breakOff(failure: UpstreamFailure): void {
    this.record.error = failure;
    this.takeUsage(this.scan?.usage ?? null, this.scan?.textBytes ?? this.size);
    if (this.call.isCallerGone) {
      this.call.status = 499;
      this.call.outcome = "cancelled";
      this.call.errorCode = "client_closed_request";
    } else {
      const code: GatewayErrorCode = failure.startsWith("timeout") ? "upstream_timeout" : "upstream_error";
      this.call.status = this.status;
      this.call.outcome = "error";
      this.call.errorCode = code;
      if (this.mode === "events") this.tellInStream(code);
      else this.call.reply.cut();
    }
    this.done("answered");
  }

  private tellInStream(code: GatewayErrorCode): void {
    const message =
      code === "upstream_timeout" ? "The upstream stopped answering." : "The upstream broke off its answer.";
    this.call.reply.write(Buffer.from(`data: ${errorBody(code, message)}\n\n`));
    this.call.reply.end();
  }

  private fail(failure: UpstreamFailure): void {
    this.record.error = failure;
    const hasBegun = this.mode === "whole";
    if (hasBegun || (failure === "cancelled" && this.call.isCallerGone)) this.takeUsage(null, this.size);
    this.done({ reason: failure, status: this.record.status, headers: null, hasBegun });
  }

  private failStatus(): void {
    this.record.error = "status";
    this.done({ reason: "status", status: this.status, headers: this.headers, hasBegun: false });
  }
}
