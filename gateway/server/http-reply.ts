import { type IncomingMessage, ServerResponse } from "node:http";
import type { Call, Reply } from "#gateway/pipeline/call.ts";

/** A response that knows its call, so that no listener needs a closure of its own. */
export class CallResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  call: Call | null = null;
}

/** What must be said about a connection when an answer ends. */
export interface ConnectionState {
  /** The node is going down, or the rest of a body is still coming: this connection ends with this answer. */
  mustClose(): boolean;
}

/** The caller's connection as the pipeline sees it. Nothing is sent to a connection that is gone. */
export class HttpReply implements Reply {
  private readonly response: ServerResponse;
  private readonly connection: ConnectionState;
  private hasAnswered = false;
  private hasWritten = false;

  constructor(response: ServerResponse, connection: ConnectionState) {
    this.response = response;
    this.connection = connection;
  }

  get isStarted(): boolean {
    return this.hasAnswered;
  }

  whole(status: number, headers: string[], body: Buffer): void {
    this.hasAnswered = true;
    if (this.response.destroyed) return;
    if (this.connection.mustClose()) headers.push("connection", "close");
    this.response.writeHead(status, headers);
    this.response.end(body);
  }

  begin(status: number, headers: string[]): void {
    this.hasAnswered = true;
    if (this.response.destroyed) return;
    if (this.connection.mustClose()) headers.push("connection", "close");
    this.response.writeHead(status, headers);
    setImmediate(this.flushHead);
  }

  /** The head goes with the first bytes, in one write; alone only where they do not come at once. */
  private readonly flushHead = (): void => {
    if (!this.hasWritten && !this.response.destroyed) this.response.flushHeaders();
  };

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
