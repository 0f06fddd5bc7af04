import type { IncomingHttpHeaders } from "node:http";
import type { UsageReader } from "#gateway/dialects/usage-reader.ts";
import { EventCheck } from "#gateway/stream/event-check.ts";
import { EventScan } from "#gateway/stream/event-scan.ts";
import { asksForUsage } from "#gateway/stream/splice-body.ts";
import { findShallowUsage, findUsage } from "#gateway/stream/usage-scan.ts";
import type { GatewayAction } from "#lib/contract/action.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerForm, AnswerStream, WholeAnswer } from "./answer-form.ts";
import type { Call } from "./call.ts";
import { type CallerError, errorEvent } from "./error-body.ts";
import { addUpstreamHeaders } from "./header-rules.ts";
import { endMarkOf, isAnswer } from "./passed-answer.ts";

/** A whole answer up to this size is sent in one write. */
const WHOLE_BYTES_MAX = 1_024 * 1_024;

/** Actions whose answers hold objects of the caller's or the model's making: tools, their schemas and arguments. */
const REPEATING: ReadonlySet<GatewayAction> = new Set([
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
]);

/** An upstream's answer that is the caller's as it stands: same dialect on both sides. Hot path. */
export class PassedForm implements AnswerForm {
  readonly wholeBytesMax: number;
  readonly canPassOn = true;
  readonly streamContentType = null;
  private readonly call: Call;
  private readonly reader: UsageReader;
  private readonly secret: string | null;

  constructor(call: Call, reader: UsageReader, secret: string | null) {
    this.call = call;
    // Speech is listened to while it comes.
    this.wholeBytesMax = call.action === "audio.speech" ? 0 : WHOLE_BYTES_MAX;
    this.reader = reader;
    this.secret = secret;
  }

  isStream(contentType: string): boolean {
    return contentType.startsWith("text/event-stream");
  }

  addHeaders(into: string[], upstreamHeaders: IncomingHttpHeaders): void {
    addUpstreamHeaders(into, upstreamHeaders, this.secret);
  }

  stream(upstreamHeaders: IncomingHttpHeaders): AnswerStream {
    const endMark = isEncoded(upstreamHeaders) ? null : endMarkOf(this.call.action);
    return new PassedStream(this.call, this.reader, this.secret, endMark === null ? null : new EventCheck(endMark));
  }

  whole(body: Buffer, upstreamHeaders: IncomingHttpHeaders): WholeAnswer | null {
    const reported = REPEATING.has(this.call.action)
      ? findShallowUsage(body, this.reader.key)
      : findUsage(body, this.reader.key);
    if (!isEncoded(upstreamHeaders) && !isAnswer(this.call, body, reported !== null)) return null;
    return { body, contentType: null, usage: this.read(reported), textBytes: body.length };
  }

  usageInTail(tail: Buffer): TokenUsage | null {
    return this.read(findUsage(tail, this.reader.key));
  }

  refusal(_status: number, body: Buffer): WholeAnswer {
    return { body, contentType: null, usage: null, textBytes: 0 };
  }

  private read(reported: unknown): TokenUsage | null {
    return reported === null ? null : this.reader.read(reported);
  }
}

/** Whether the bytes are none that can be read: an upstream compressed them though it was asked not to. */
function isEncoded(headers: IncomingHttpHeaders): boolean {
  const encoding = headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity";
}

/** A stream that is read along with and passed on event by event. */
class PassedStream implements AnswerStream {
  private readonly call: Call;
  private readonly reader: UsageReader;
  private readonly secret: string | null;
  private readonly scan: EventScan;

  constructor(call: Call, reader: UsageReader, secret: string | null, check: EventCheck | null) {
    this.call = call;
    this.reader = reader;
    this.secret = secret;
    this.scan = new EventScan(call.facts !== null && !asksForUsage(call.facts), reader.key, check);
  }

  get problem(): string | null {
    return this.scan.problem;
  }

  get usage(): TokenUsage | null {
    return this.scan.usage === null ? null : this.reader.read(this.scan.usage);
  }

  get usageTextBytes(): number {
    return this.scan.usageTextBytes;
  }

  get textBytes(): number {
    return this.scan.textBytes;
  }

  push(chunk: Buffer): Buffer {
    return this.scan.push(chunk);
  }

  end(): Buffer {
    return this.scan.end();
  }

  /** The upstream's own error is in the caller's dialect already. */
  failed(error: CallerError): Buffer {
    const said = this.scan.error;
    if (said !== null && (this.secret === null || !said.includes(this.secret))) return said;
    return Buffer.from(errorEvent(this.call.action, error));
  }
}
