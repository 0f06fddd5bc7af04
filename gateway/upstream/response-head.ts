import type { IncomingHttpHeaders } from "node:http";

/** How a response's body ends (RFC 9112 6.3). */
export type BodyFraming = "none" | "length" | "chunked" | "close";

/** The head of one response, checked. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly framing: BodyFraming;
  /** Bytes of the body where `framing` is `length`. */
  readonly bodyBytes: number;
  /** Whether the upstream lets the connection live after this response. */
  readonly isPersistent: boolean;
  /** How long the upstream says it keeps an idle connection; null when it does not say. */
  readonly keepAliveMs: number | null;
}

const HEADERS_MAX = 256;
/** Fifteen digits stay exact in a number, and no body is that long. */
const LENGTH_DIGITS_MAX = 15;
const TAB = 0x09;
const SPACE = 0x20;

/** The characters of a token (RFC 9110 5.6.2), by code. */
const TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  TOKEN[char.charCodeAt(0)] = 1;
}

/** An object without a prototype's properties that engines still lay out as they do others. */
class HeaderBag {
  [name: string]: string | string[] | undefined;
}
Reflect.deleteProperty(HeaderBag.prototype, "constructor");
Object.setPrototypeOf(HeaderBag.prototype, null);

/** Whether every character from `start` to `end` may stand in a field's value (RFC 9110 5.5). */
function isFieldValue(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if ((code < SPACE && code !== TAB) || code === 0x7f) return false;
  }
  return true;
}

function isToken(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (TOKEN[text.charCodeAt(at)] !== 1) return false;
  return end > start;
}

/** Whether a line of a header or trailer section is well-formed: no folding, no space before the colon. */
export function isFieldLine(line: string): boolean {
  const colon = line.indexOf(":");
  return colon > 0 && isToken(line, 0, colon) && isFieldValue(line, colon + 1, line.length);
}

/** The status of `HTTP/1.x 200 Reason`, or 0. The length of the line is `end`. */
function statusIn(text: string, end: number): number {
  if (!text.startsWith("HTTP/1.") || (text[7] !== "0" && text[7] !== "1") || text[8] !== " ") return 0;
  if (end < 12 || (end > 12 && text[12] !== " ") || !isFieldValue(text, 12, end)) return 0;
  let status = 0;
  for (let at = 9; at < 12; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    status = status * 10 + digit;
  }
  return status >= 100 && status <= 599 ? status : 0;
}

function lengthOf(value: string): number {
  if (value.length === 0 || value.length > LENGTH_DIGITS_MAX) return -1;
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}

/** What of a head decides about the bytes behind it. */
class HeadReading {
  readonly headers: IncomingHttpHeaders = new HeaderBag();
  private readonly text: string;
  private count = 0;
  private length: string | null = null;
  private coding: string | null = null;
  private connection: string | null = null;
  private keepAlive: string | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** Reads the lines from `from` on; false when one is malformed. */
  readFields(from: number): boolean {
    const { text } = this;
    for (let at = from; at < text.length; ) {
      const end = text.indexOf("\r\n", at);
      const colon = text.indexOf(":", at);
      if (end === -1 || colon === -1 || colon > end || !isToken(text, at, colon)) return false;
      let start = colon + 1;
      let stop = end;
      while (start < stop && (text.charCodeAt(start) === SPACE || text.charCodeAt(start) === TAB)) start += 1;
      while (stop > start && (text.charCodeAt(stop - 1) === SPACE || text.charCodeAt(stop - 1) === TAB)) stop -= 1;
      if (!isFieldValue(text, start, stop)) return false;
      if (!this.take(text.slice(at, colon).toLowerCase(), text.slice(start, stop))) return false;
      at = end + 2;
    }
    return true;
  }

  private take(name: string, value: string): boolean {
    this.count += 1;
    if (this.count > HEADERS_MAX) return false;
    if (name === "content-length") {
      if (this.length !== null) return false;
      this.length = value;
    } else if (name === "transfer-encoding") {
      if (this.coding !== null) return false;
      this.coding = value.toLowerCase();
    } else if (name === "connection") this.connection = `${this.connection ?? ""},${value.toLowerCase()}`;
    else if (name === "keep-alive") this.keepAlive = value.toLowerCase();
    this.add(name, value);
    return true;
  }

  private add(name: string, value: string): void {
    const known = this.headers[name];
    if (name === "set-cookie") this.headers[name] = [...(this.headers[name] ?? []), value];
    else this.headers[name] = known === undefined ? value : `${String(known)}, ${value}`;
  }

  /** The whole head, or null when its framing is not plain: then nothing behind it can be trusted. */
  head(status: number, isHttp10: boolean, isHeadRequest: boolean): ResponseHead | null {
    const bodyBytes = this.length === null ? 0 : lengthOf(this.length);
    if (bodyBytes === -1) return null;
    // Both at once, another coding, or a coding in HTTP/1.0: how responses are smuggled.
    if (this.coding !== null && (this.length !== null || this.coding !== "chunked" || isHttp10)) return null;
    const hasNone = isHeadRequest || status < 200 || status === 204 || status === 304;
    const framing = hasNone ? "none" : this.coding !== null ? "chunked" : this.length === null ? "close" : "length";
    return {
      status,
      headers: this.headers,
      framing,
      bodyBytes: framing === "length" ? bodyBytes : 0,
      isPersistent: framing !== "close" && !isHttp10 && !this.saysClose(),
      keepAliveMs: this.keepAlive === null ? null : keepAliveMs(this.keepAlive),
    };
  }

  private saysClose(): boolean {
    if (this.connection === null || this.connection === ",keep-alive") return false;
    return this.connection.split(",").some((option) => option.trim() === "close");
  }
}

function keepAliveMs(value: string): number | null {
  const at = value.indexOf("timeout=");
  const seconds = at === -1 ? Number.NaN : Number.parseInt(value.slice(at + 8), 10);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}

/**
 * Reads a response's head: the status line and every header line, each with its CRLF, without the empty line. Strict where
 * leniency would let two readers see different messages: null for folding, bad names or values, lengths that occur twice
 * or are no plain number, a transfer coding other than `chunked`, and a length beside a coding. Hot path.
 */
export function parseResponseHead(text: string, isHeadRequest: boolean): ResponseHead | null {
  const end = text.indexOf("\r\n");
  const status = end === -1 ? 0 : statusIn(text, end);
  if (status === 0) return null;
  const reading = new HeadReading(text);
  return reading.readFields(end + 2) ? reading.head(status, text[7] === "0", isHeadRequest) : null;
}
