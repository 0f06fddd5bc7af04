import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyFailure, CallerRequest } from "#gateway/pipeline/call.ts";

const EMPTY = Buffer.alloc(0);

/** A node:http request as the pipeline sees it. */
export class HttpCallerRequest implements CallerRequest {
  private readonly message: IncomingMessage;
  private readonly response: ServerResponse;
  /** Whether the caller waits to be told that the body is wanted (`expect: 100-continue`). */
  private readonly isWaiting: boolean;
  readonly pathTail: string | null;
  /** Whether the whole body was taken off the connection, so that another request may follow on it. */
  isBodyRead = false;

  constructor(message: IncomingMessage, response: ServerResponse, pathTail: string | null, isWaiting: boolean) {
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

  get sourceAddress(): string {
    return this.message.socket.remoteAddress ?? "";
  }

  readBody(bytesMax: number): Promise<Buffer | BodyFailure> {
    if (Number(this.message.headers["content-length"] ?? 0) > bytesMax) return Promise.resolve("too_large");
    if (this.isWaiting) this.response.writeContinue();
    return new Promise((resolve) => {
      const body = new BodyGatherer(bytesMax, (result) => {
        this.isBodyRead = typeof result !== "string";
        resolve(result);
      });
      this.message.on("data", body.onData).once("end", body.onEnd).once("close", body.onClose);
    });
  }
}

/** Gathers a body within its bound; stops reading the moment it is too long. */
class BodyGatherer {
  private readonly bytesMax: number;
  private done: ((result: Buffer | BodyFailure) => void) | null;
  private first: Buffer | null = null;
  private more: Buffer[] | null = null;
  private size = 0;

  constructor(bytesMax: number, done: (result: Buffer | BodyFailure) => void) {
    this.bytesMax = bytesMax;
    this.done = done;
  }

  readonly onData = (chunk: Buffer): void => {
    this.size += chunk.length;
    if (this.size > this.bytesMax) this.finish("too_large");
    else if (this.first === null) this.first = chunk;
    else if (this.more === null) this.more = [this.first, chunk];
    else this.more.push(chunk);
  };

  readonly onEnd = (): void => {
    this.finish(this.more === null ? (this.first ?? EMPTY) : Buffer.concat(this.more, this.size));
  };

  readonly onClose = (): void => this.finish("gone");

  private finish(result: Buffer | BodyFailure): void {
    const done = this.done;
    this.done = null;
    this.first = null;
    this.more = null;
    done?.(result);
  }
}
