import type { IncomingHttpHeaders } from "node:http";
import { ChunkDecoder } from "./chunk-decoder.ts";
import { parseResponseHead } from "./response-head.ts";

/** Status line and headers of a response, interim ones before it included. */
const HEAD_BYTES_MAX = 64 * 1_024;
const HEAD_END = Buffer.from("\r\n\r\n");
const BEGINNING = "HTTP/1.";
const NOTHING = Buffer.alloc(0);
const LF = 10;
const CR = 13;
/** What looking for a head's end found instead of an offset. */
const UNFINISHED = -1;
const BROKEN = -2;

/** Told of a response as it is read. */
export interface ResponseReader {
  head(status: number, headers: IncomingHttpHeaders): void;
  /** A copy: it may be kept. */
  data(chunk: Buffer): void;
}

/** `more`: the response goes on. `whole`: it ended where `end` says. `broken`: nothing from here on can be trusted. */
export type ParseState = "more" | "whole" | "broken";
type Part = "idle" | "head" | "length" | "chunked" | "close";

/**
 * Reads responses from the bytes of one connection, one after another, strictly and however the bytes are cut. The bytes
 * that are pushed may be overwritten afterwards. Hot path.
 */
export class ResponseParser {
  private readonly chunks = new ChunkDecoder();
  private part: Part = "idle";
  private reader: ResponseReader | null = null;
  private isHeadRequest = false;
  private left = 0;
  private headBytes = 0;
  /** The beginning of a head that is not whole yet. */
  private pending: Buffer = NOTHING;
  /** Where in the bytes last pushed the response ended; anything behind it belongs to no response. */
  end = 0;
  /** Whether a byte of the present response has come. */
  hasBegun = false;
  /** Of the last head: whether the connection may be used again, and for how long it says it may be idle. */
  isPersistent = false;
  keepAliveMs: number | null = null;

  /** The next bytes are the response to a request that has just been sent. */
  begin(reader: ResponseReader, isHeadRequest: boolean): void {
    this.reader = reader;
    this.isHeadRequest = isHeadRequest;
    this.part = "head";
    this.headBytes = 0;
    this.hasBegun = false;
    this.isPersistent = false;
    this.keepAliveMs = null;
  }

  push(bytes: Buffer): ParseState {
    if (bytes.length === 0) return "more";
    this.hasBegun = true;
    let at = 0;
    // One interim response after another, then the head.
    while (this.part === "head") {
      const next = this.takeHead(bytes, at);
      if (next < 0) return next === BROKEN ? this.broken() : "more";
      at = next;
    }
    return this.takeBody(bytes, at);
  }

  /** The upstream has sent its last byte. */
  finish(): ParseState {
    return this.part === "close" ? this.whole(0) : this.broken();
  }

  private takeHead(bytes: Buffer, from: number): number {
    const before = this.pending.length;
    const head = before === 0 ? bytes : Buffer.concat([this.pending, bytes.subarray(from)]);
    const start = before === 0 ? from : 0;
    const end = head.indexOf(HEAD_END, Math.max(start, before - HEAD_END.length + 1));
    if (end === -1) return this.keep(Buffer.from(head.subarray(start)), before);
    this.pending = NOTHING;
    if (!this.readHead(head.toString("latin1", start, end + 2))) return BROKEN;
    return end + HEAD_END.length - (before === 0 ? 0 : before - from);
  }

  /** Keeps the beginning of a head, of which the bytes from `seen` on are new; refuses at once what cannot become one. */
  private keep(head: Buffer, seen: number): number {
    if (this.headBytes + head.length > HEAD_BYTES_MAX) return BROKEN;
    if (!BEGINNING.startsWith(head.toString("latin1", 0, BEGINNING.length))) return BROKEN;
    for (let at = head.indexOf(LF, seen); at !== -1; at = head.indexOf(LF, at + 1)) {
      if (head[at - 1] !== CR) return BROKEN;
    }
    this.pending = head;
    return UNFINISHED;
  }

  private readHead(text: string): boolean {
    this.headBytes += text.length;
    if (this.headBytes > HEAD_BYTES_MAX) return false;
    const head = parseResponseHead(text, this.isHeadRequest);
    // An upgrade was not asked for.
    if (head === null || head.status === 101) return false;
    if (head.status < 200) return true;
    this.isPersistent = head.isPersistent;
    this.keepAliveMs = head.keepAliveMs;
    this.left = head.bodyBytes;
    this.part = head.framing === "none" ? "length" : head.framing;
    if (head.framing === "chunked") this.chunks.begin();
    this.reader?.head(head.status, head.headers);
    return true;
  }

  private takeBody(bytes: Buffer, from: number): ParseState {
    switch (this.part) {
      case "length": {
        const end = Math.min(bytes.length, from + this.left);
        if (end > from) this.reader?.data(Buffer.from(bytes.subarray(from, end)));
        this.left -= end - from;
        return this.left === 0 ? this.whole(end) : "more";
      }
      case "chunked": {
        const end = this.chunks.push(bytes, from);
        const data = this.chunks.taken();
        if (data !== null) this.reader?.data(data);
        if (this.chunks.isBroken) return this.broken();
        return this.chunks.isWhole ? this.whole(end) : "more";
      }
      case "close":
        if (bytes.length > from) this.reader?.data(Buffer.from(bytes.subarray(from)));
        return "more";
      default:
        // Bytes that nobody asked for.
        return this.broken();
    }
  }

  private whole(end: number): ParseState {
    this.part = "idle";
    this.reader = null;
    this.end = end;
    return "whole";
  }

  private broken(): ParseState {
    this.part = "idle";
    this.reader = null;
    this.pending = NOTHING;
    return "broken";
  }
}
