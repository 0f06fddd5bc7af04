import { IncomingMessage, type ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { BodyFailure, CallerRequest } from "#gateway/pipeline/call.ts";

import { clientAddress, plainAddress } from "#lib/policy/client-address.ts";

const EMPTY = Buffer.alloc(0);
/** A body that was not read may still be taken off the connection when it is this short; otherwise the connection ends. */
const DRAINABLE_BYTES = 64 * 1_024;

/** A message that knows who gathers its body, so that no listener needs a closure of its own. */
export class CallMessage extends IncomingMessage {
  body: BodyGatherer | null = null;
}

/** Whether a request has a body that is too long, or of unknown length, to be read for nothing. */
export function hasLongBody(message: IncomingMessage): boolean {
  if (message.headers["transfer-encoding"] !== undefined) return true;
  return Number(message.headers["content-length"] ?? 0) > DRAINABLE_BYTES;
}

function headersNamed(rawHeaders: readonly string[], wanted: string): string[] {
  const values: string[] = [];
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length === wanted.length && name.toLowerCase() === wanted) values.push(rawHeaders[place + 1] ?? "");
  }
  return values;
}

/** A node:http request as the pipeline sees it. */
export class HttpCallerRequest implements CallerRequest {
  private readonly message: CallMessage;
  private readonly response: ServerResponse;
  /** Whether the caller waits to be told that the body is wanted (`expect: 100-continue`). */
  private readonly isWaiting: boolean;
  readonly pathTail: string | null;
  /** Whether the whole body was taken off the connection, so that another request may follow on it. */
  isBodyRead = false;
  private address: string | null = null;

  /** Proxies whose word about the caller's address is taken; null for none. */
  private readonly trustedProxies: BlockList | null;

  constructor(
    message: CallMessage,
    response: ServerResponse,
    pathTail: string | null,
    isWaiting: boolean,
    trustedProxies: BlockList | null,
  ) {
    this.trustedProxies = trustedProxies;
    this.message = message;
    this.response = response;
    this.pathTail = pathTail;
    this.isWaiting = isWaiting;
  }

  get rawHeaders(): readonly string[] {
    return this.message.rawHeaders;
  }

  get method(): string {
    return this.message.method ?? "";
  }

  get query(): string {
    const target = this.message.url ?? "";
    const from = target.indexOf("?");
    return from === -1 ? "" : target.slice(from + 1);
  }

  get sourceAddress(): string {
    this.address ??= this.findAddress();
    return this.address;
  }

  private findAddress(): string {
    const peer = this.message.socket.remoteAddress ?? "";
    if (this.trustedProxies === null) return plainAddress(peer);
    return clientAddress(peer, headersNamed(this.message.rawHeaders, "x-forwarded-for"), this.trustedProxies);
  }

  readBody(bytesMax: number): Promise<Buffer | BodyFailure> {
    if (Number(this.message.headers["content-length"] ?? 0) > bytesMax) return Promise.resolve("too_large");
    if (this.isWaiting) this.response.writeContinue();
    return new Promise((resolve) => {
      this.message.body = new BodyGatherer(this, bytesMax, resolve);
      this.message.on("data", onData).on("end", onEnd).on("close", onClose);
    });
  }

  get hasRestOfBody(): boolean {
    return !this.isBodyRead && hasLongBody(this.message);
  }
}

/** Gathers a body within its bound; stops reading the moment it is too long. */
class BodyGatherer {
  private readonly request: HttpCallerRequest;
  private readonly bytesMax: number;
  private done: ((result: Buffer | BodyFailure) => void) | null;
  private first: Buffer | null = null;
  private more: Buffer[] | null = null;
  private size = 0;

  constructor(request: HttpCallerRequest, bytesMax: number, done: (result: Buffer | BodyFailure) => void) {
    this.request = request;
    this.bytesMax = bytesMax;
    this.done = done;
  }

  take(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.bytesMax) this.finish("too_large");
    else if (this.first === null) this.first = chunk;
    else if (this.more === null) this.more = [this.first, chunk];
    else this.more.push(chunk);
  }

  end(): void {
    this.finish(this.more === null ? (this.first ?? EMPTY) : Buffer.concat(this.more, this.size));
  }

  close(): void {
    this.finish("gone");
  }

  private finish(result: Buffer | BodyFailure): void {
    const done = this.done;
    if (done !== null) this.request.isBodyRead = typeof result !== "string";
    this.done = null;
    this.first = null;
    this.more = null;
    done?.(result);
  }
}

function onData(this: CallMessage, chunk: Buffer): void {
  this.body?.take(chunk);
}

function onEnd(this: CallMessage): void {
  this.body?.end();
}

function onClose(this: CallMessage): void {
  this.body?.close();
}
