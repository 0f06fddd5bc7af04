import type { IncomingHttpHeaders } from "node:http";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { CallerError } from "./error-body.ts";

/** What stands between an upstream's stream and the caller's. One per streamed attempt; pushed to in order. */
export interface AnswerStream {
  /** Takes bytes from the upstream, cut anywhere; returns those that go to the caller now. */
  push(chunk: Buffer): Buffer;
  /** The upstream's stream is over: what is left for the caller. */
  end(): Buffer;
  /** How the caller hears of an error that ends the stream. */
  failed(error: CallerError): Buffer;
  /** What the upstream reported so far. */
  readonly usage: TokenUsage | null;
  /** Bytes of generated text so far: what an estimate is made of when usage never comes. */
  readonly textBytes: number;
  /** How many of them there were when `usage` was last reported: a vendor's first report knows nothing of the answer. */
  readonly usageTextBytes: number;
  /** Why the stream cannot go on, in words for the caller; null while it can. The bytes returned so far are good. */
  readonly problem: string | null;
}

/** A whole answer as the caller gets it. */
export interface WholeAnswer {
  readonly body: Buffer;
  /** The body's type where it is not the upstream's own. */
  readonly contentType: string | null;
  readonly usage: TokenUsage | null;
  readonly textBytes: number;
}

/** How what an upstream answers becomes what the caller gets: passed on as it is, or translated. One per attempt. */
export interface AnswerForm {
  /** The longest whole answer that is gathered. A longer one is passed on as it comes, or is an error. */
  readonly wholeBytesMax: number;
  readonly canPassOn: boolean;
  /** Whether an answer with this type of content is read as a stream. */
  isStream(contentType: string): boolean;
  /** Adds the headers that go with the answer to a flat list. `contentType`: null for the upstream's own. */
  addHeaders(into: string[], upstreamHeaders: IncomingHttpHeaders, contentType: string | null): void;
  /** The type of a streamed answer; null for the upstream's own. */
  readonly streamContentType: string | null;
  stream(upstreamHeaders: IncomingHttpHeaders): AnswerStream;
  /** Null when the upstream's answer is not one that was asked for. */
  whole(body: Buffer, upstreamHeaders: IncomingHttpHeaders): WholeAnswer | null;
  /** Usage as found in the tail of an answer that was passed on in pieces. */
  usageInTail(tail: Buffer): TokenUsage | null;
  /** The body that tells the caller of an upstream's refusal. Never holds the credential. */
  refusal(status: number, body: Buffer): WholeAnswer;
}
