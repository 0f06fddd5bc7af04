import type { IncomingHttpHeaders } from "node:http";
import { answerHeaders } from "#gateway/pipeline/answer-headers.ts";
import type { AttemptResult } from "#gateway/pipeline/attempt.ts";
import type { Call } from "#gateway/pipeline/call.ts";
import { addUpstreamHeaders } from "#gateway/pipeline/header-rules.ts";
import type { PipelineParts } from "#gateway/pipeline/parts.ts";
import type { UpstreamFailure, UpstreamSink } from "#gateway/upstream/sink.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import { upstreamMaxAgeSeconds, variesByKeyOnly } from "#lib/policy/cache-control.ts";
import { KEYED_HTTP_HEADERS } from "#lib/policy/cache-key.ts";
import { callerLocation } from "./caller-location.ts";

/** What an upstream says about our credential, about too many calls, or about itself: no answer for the caller. */
function isFailure(status: number): boolean {
  return status === 401 || status === 407 || status === 429 || status >= 500;
}

/** A 403 is about what the caller asks the API for, and nothing that our credential should rest for. */
function healthStatus(status: number): number {
  return status === 403 ? 404 : status;
}

/** `head`: nothing came yet. `passing`: on its way to the caller. `failed`: no answer; its body is thrown away. */
type Mode = "head" | "passing" | "failed";

/** How much of a body that nobody gets is read, so that its connection can be used again. */
const DISCARDED_BYTES_MAX = 64 * 1_024;

/** Takes a REST upstream's answer to the caller as it comes, whatever it holds, no faster than the caller reads. */
export class HttpRelay implements UpstreamSink {
  private readonly call: Call;
  private readonly parts: PipelineParts;
  private readonly record: AttemptRecord;
  private readonly secret: string | null;
  private readonly done: (result: AttemptResult) => void;
  private readonly sinceMs: number;
  private mode: Mode = "head";
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private bytes = 0;

  constructor(
    call: Call,
    parts: PipelineParts,
    { record, secret, done }: { record: AttemptRecord; secret: string | null; done: (result: AttemptResult) => void },
  ) {
    this.call = call;
    this.parts = parts;
    this.record = record;
    this.secret = secret;
    this.done = done;
    this.sinceMs = parts.monotonicMs();
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
    this.record.status = status;
    this.call.sending?.head(healthStatus(status));
    if (isFailure(status)) {
      this.mode = "failed";
      return;
    }
    this.mode = "passing";
    this.call.answerMaxAgeSeconds = this.maxAgeSeconds();
    const nowMs = this.parts.monotonicMs();
    this.call.waitedMs += nowMs - this.sinceMs;
    this.call.firstByteMs = nowMs - this.call.startedMs;
    this.call.reply.begin(status, this.callerHeaders(nowMs));
  }

  data(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.mode === "failed") {
      if (this.bytes > DISCARDED_BYTES_MAX) this.call.exchange?.cancel();
    } else if (!this.call.reply.write(chunk)) this.call.exchange?.pause();
  }

  end(): void {
    this.close();
    if (this.mode === "head") this.fail("reset");
    else if (this.mode === "failed") this.failStatus();
    else {
      const isRefusal = this.status >= 400;
      if (isRefusal) this.record.error = "status";
      this.call.sending?.settle({ error: null, status: healthStatus(this.status), askedWaitMs: null });
      this.finish(isRefusal ? "error" : "ok", isRefusal ? "upstream_rejected" : null);
      this.call.reply.end();
      this.done("answered");
    }
  }

  error(failure: UpstreamFailure): void {
    this.close();
    if (this.mode === "failed") this.failStatus();
    else if (this.mode === "head") this.fail(failure);
    else this.breakOff(failure);
  }

  private close(): void {
    const nowMs = this.parts.monotonicMs();
    if (this.mode !== "passing") this.call.waitedMs += nowMs - this.sinceMs;
    this.record.durationMs = Math.round((nowMs - this.call.startedMs - this.record.startedAtMs) * 1_000) / 1_000;
    this.call.exchange = null;
  }

  private callerHeaders(nowMs: number): string[] {
    const headers = answerHeaders(this.call, nowMs);
    const own: string[] = [];
    addUpstreamHeaders(own, this.headers, this.secret);
    const rule = this.call.version?.http?.response;
    for (let place = 0; place + 1 < own.length; place += 2) {
      const name = own[place] ?? "";
      const value = name === "location" ? this.location(own[place + 1] ?? "") : own[place + 1];
      if (value !== undefined && !rule?.dropped.has(name)) headers.push(name, value);
    }
    for (const part of rule?.added ?? []) headers.push(part);
    const length = this.headers["content-length"];
    if (length !== undefined && this.status !== 204) headers.push("content-length", length);
    return headers;
  }

  private location(value: string): string | undefined {
    const { target } = this.call;
    return (target === null ? null : callerLocation(value, this.call, target)) ?? undefined;
  }

  /** How long the upstream lets its answer be kept: not at all where it is one caller's own, or varies by more than the key. */
  private maxAgeSeconds(): number {
    const { vary, "cache-control": control, "set-cookie": cookies } = this.headers;
    if (cookies !== undefined || !variesByKeyOnly(vary, KEYED_HTTP_HEADERS)) return 0;
    return upstreamMaxAgeSeconds(control, this.call.version?.cache?.scope !== "consumer");
  }

  private finish(outcome: "ok" | "error" | "cancelled", errorCode: string | null): void {
    this.call.status = outcome === "cancelled" ? 499 : this.status;
    this.call.outcome = outcome;
    this.call.errorCode = errorCode;
    const facts = { requestBytes: this.call.body?.length ?? 0, answerBytes: this.bytes };
    this.call.allow("forward", "passed on", facts);
  }

  /** Part of the answer is out: the caller learns of its end by a cut connection. */
  private breakOff(failure: UpstreamFailure): void {
    this.record.error = failure;
    if (this.call.isCallerGone) this.finish("cancelled", "client_closed_request");
    else {
      this.finish("error", failure.startsWith("timeout") ? "upstream_timeout" : "upstream_error");
      this.call.reply.cut();
    }
    this.done("answered");
  }

  private fail(failure: UpstreamFailure): void {
    this.record.error = failure;
    this.done({ reason: failure, status: this.record.status, headers: null, hasBegun: false });
  }

  private failStatus(): void {
    this.record.error = "status";
    this.done({ reason: "status", status: this.status, headers: this.headers, hasBegun: false });
  }
}
