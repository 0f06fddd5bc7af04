import { connect, type Socket } from "node:net";
import { CHAT_PATH } from "./contenders/contender.ts";

const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const DATA = Buffer.from("data: ");
const CONTENT_LENGTH = /content-length: (\d+)/i;

/** What one burst brought. */
export interface SocketLoadResult {
  calls: number;
  /** Server-sent events received. */
  events: number;
  /** Answers that were not 200, and connections that broke. */
  failures: number;
  /** From the last byte of a call to the first byte of its answer's body, sorted. */
  firstByteMs: number[];
}

export interface SocketLoadSpec {
  port: number;
  headers: Record<string, string>;
  body: string;
  connections: number;
  /** The burst ends with the first answer behind this time, on each connection. */
  seconds: number;
}

/** The bytes of one call. */
function requestBytes({ headers, body }: SocketLoadSpec): Buffer {
  const lines = Object.entries({ host: "bench", ...headers, "content-length": String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`POST ${CHAT_PATH} HTTP/1.1\r\n${head}\r\n${body}`);
}

/** One connection that sends a call, reads the answer, and sends the next. Reads no more of HTTP than it must. */
class Caller {
  private readonly socket: Socket;
  private readonly request: Buffer;
  private readonly result: SocketLoadResult;
  private readonly untilMs: number;
  private sentMs = 0;
  private head = "";
  private left = 0;
  private mode: "head" | "length" | "chunked" = "head";
  private isWaiting = true;
  readonly done: Promise<void>;

  constructor(spec: SocketLoadSpec, request: Buffer, result: SocketLoadResult, untilMs: number) {
    this.request = request;
    this.result = result;
    this.untilMs = untilMs;
    this.socket = connect({ port: spec.port, host: "127.0.0.1", noDelay: true }, () => this.send());
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("error", () => {
      result.failures += 1;
    });
    this.done = new Promise((resolve) => this.socket.on("close", () => resolve()));
  }

  private send(): void {
    if (performance.now() >= this.untilMs) {
      this.socket.destroy();
      return;
    }
    this.mode = "head";
    this.head = "";
    this.isWaiting = true;
    this.sentMs = performance.now();
    this.socket.write(this.request);
  }

  private take(chunk: Buffer): void {
    let body = chunk;
    if (this.mode === "head") {
      this.head += chunk.toString("latin1");
      const end = this.head.indexOf("\r\n\r\n");
      if (end === -1) return;
      this.takeHead(this.head.slice(0, end));
      body = Buffer.from(this.head.slice(end + 4), "latin1");
    }
    if (body.length === 0) return;
    if (this.isWaiting) {
      this.isWaiting = false;
      this.result.firstByteMs.push(performance.now() - this.sentMs);
    }
    this.takeBody(body);
  }

  private takeHead(head: string): void {
    if (!head.startsWith("HTTP/1.1 200")) this.result.failures += 1;
    const length = CONTENT_LENGTH.exec(head)?.[1];
    this.mode = length === undefined ? "chunked" : "length";
    this.left = Number(length ?? 0);
  }

  private takeBody(body: Buffer): void {
    if (this.mode === "length") {
      this.left -= body.length;
      if (this.left > 0) return;
    } else {
      for (let at = body.indexOf(DATA); at !== -1; at = body.indexOf(DATA, at + 1)) this.result.events += 1;
      if (!body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) return;
    }
    this.result.calls += 1;
    this.send();
  }
}

/** Loads a port with calls over kept-alive connections. */
export async function socketLoad(spec: SocketLoadSpec): Promise<SocketLoadResult> {
  const result: SocketLoadResult = { calls: 0, events: 0, failures: 0, firstByteMs: [] };
  const request = requestBytes(spec);
  const untilMs = performance.now() + spec.seconds * 1_000;
  const callers = Array.from({ length: spec.connections }, () => new Caller(spec, request, result, untilMs));
  await Promise.all(callers.map(({ done }) => done));
  result.firstByteMs.sort((a, b) => a - b);
  return result;
}
