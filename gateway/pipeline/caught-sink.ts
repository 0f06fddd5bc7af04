import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamFailure, UpstreamSink } from "#gateway/upstream/sink.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Call } from "./call.ts";
import { estimateCall } from "./estimate-call.ts";
import type { PipelineParts } from "./parts.ts";

/** What a caught sink is given for its one attempt. */
export interface CaughtOptions {
  readonly record: AttemptRecord;
  readonly done: (result: AttemptResult) => void;
}

/**
 * Stands before a relay and keeps its exceptions to its own call. They would otherwise be thrown into the socket's reading,
 * where nobody catches them, and end the node with every call on it. The caller gets an error, or half an answer and a cut
 * connection; the upstream is told to stop; what it has said is charged as an estimate.
 */
export class CaughtSink implements UpstreamSink {
  private readonly inner: UpstreamSink;
  private readonly call: Call;
  private readonly parts: PipelineParts;
  private readonly options: CaughtOptions;
  private isOver = false;
  private bytes = 0;

  constructor(inner: UpstreamSink, call: Call, parts: PipelineParts, options: CaughtOptions) {
    this.inner = inner;
    this.call = call;
    this.parts = parts;
    this.options = options;
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    if (this.isOver) return;
    try {
      this.inner.head(status, headers);
    } catch (error) {
      this.caught(error);
    }
  }

  data(chunk: Buffer): void {
    if (this.isOver) return;
    this.bytes += chunk.length;
    try {
      this.inner.data(chunk);
    } catch (error) {
      this.caught(error);
    }
  }

  end(): void {
    if (this.isOver) return;
    try {
      this.inner.end();
    } catch (error) {
      this.caught(error);
    }
  }

  error(failure: UpstreamFailure): void {
    if (this.isOver) return;
    try {
      this.inner.error(failure);
    } catch (error) {
      this.caught(error);
    }
  }

  private caught(thrown: unknown): void {
    const { call, options } = this;
    this.isOver = true;
    this.parts.onStageError("relay", thrown);
    const { exchange } = call;
    call.exchange = null;
    exchange?.cancel();
    options.record.error = "answer";
    if (call.usage.source === "none") call.usage = estimateCall(call, this.bytes);
    if (call.reply.isStarted) {
      call.status = options.record.status ?? 0;
      call.outcome = "error";
      call.errorCode = "upstream_error";
      call.reply.cut();
      options.done("answered");
    } else options.done({ reason: "answer", status: options.record.status, headers: null, hasBegun: true });
  }
}
