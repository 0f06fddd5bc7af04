import { type IncomingMessage, ServerResponse } from "node:http";
import type { Call, Reply } from "#gateway/pipeline/call.ts";

/** A response that knows its call, so that no listener needs a closure of its own. */
export class CallResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  call: Call | null = null;
}

/**
 * Up to here an answer is handed over as text: Node puts text behind the head and writes both at once, from its stack, where
 * bytes beside a head cost a gathering write.
 */
const TEXT_BYTES_MAX = 12 * 1_024;

/** Whether the server goes down: then every answer ends its connection. */
export interface ServerState {
  readonly isDraining: boolean;
  /** What every answer of this server says beside its own: a flat list. */
  readonly headers: readonly string[];
}

/** Whether the request's bytes are off the connection, so that another may follow on it. */
export interface RequestState {
  readonly hasRestOfBody: boolean;
}

function flushHead(reply: HttpReply): void {
  reply.flushHead();
}

/** The caller's connection as the pipeline sees it. Nothing is sent to a connection that is gone. */
export class HttpReply implements Reply {
  private readonly response: ServerResponse;
  private readonly server: ServerState;
  private readonly request: RequestState;
  private hasAnswered = false;
  private hasWritten = false;

  constructor(response: ServerResponse, server: ServerState, request: RequestState) {
    this.response = response;
    this.server = server;
    this.request = request;
  }

  get isStarted(): boolean {
    return this.hasAnswered;
  }

  whole(status: number, headers: string[], body: Buffer): void {
    this.hasAnswered = true;
    if (this.response.destroyed) return;
    this.addServerHeaders(headers);
    this.response.writeHead(status, headers);
    // One character for each byte, so that the bytes stay what they are.
    if (body.length <= TEXT_BYTES_MAX) this.response.end(body.toString("latin1"), "latin1");
    else this.response.end(body);
  }

  begin(status: number, headers: string[]): void {
    this.hasAnswered = true;
    if (this.response.destroyed) return;
    this.addServerHeaders(headers);
    this.response.writeHead(status, headers);
    setImmediate(flushHead, this);
  }

  /** The head goes with the first bytes, in one write; alone only where they do not come at once. */
  flushHead(): void {
    if (!this.hasWritten && !this.response.destroyed) this.response.flushHeaders();
  }

  private addServerHeaders(headers: string[]): void {
    for (const part of this.server.headers) headers.push(part);
    if (this.server.isDraining || this.request.hasRestOfBody) headers.push("connection", "close");
  }

  write(chunk: Buffer): boolean {
    this.hasWritten = true;
    return this.response.destroyed || this.response.write(chunk);
  }

  end(): void {
    this.hasWritten = true;
    if (!this.response.destroyed) this.response.end();
  }

  cut(): void {
    this.hasAnswered = true;
    this.response.destroy();
  }
}
