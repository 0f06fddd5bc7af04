import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { type BlockList, Server as NetServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Call } from "#gateway/pipeline/call.ts";
import { errorBody } from "#gateway/pipeline/error-body.ts";
import { newRequestId } from "#gateway/pipeline/request-id.ts";
import type { Pipeline } from "#gateway/pipeline/run.ts";
import type { SnapshotHolder } from "#gateway/snapshot/apply.ts";
import type { Directory } from "#gateway/snapshot/directory.ts";
import { GATEWAY_ERRORS, type GatewayErrorCode } from "#lib/contract/error-code.ts";
import { CallMessage, HttpCallerRequest, hasLongBody } from "./caller-request.ts";
import { formatOfPath, matchEndpoint } from "./endpoints.ts";
import { CallResponse, HttpReply, type ServerState } from "./http-reply.ts";
import { callerSubject, HSTS, type TlsServing } from "./tls-serving.ts";

const LIMITS = {
  maxHeaderSize: 16 * 1_024,
  headersTimeout: 10_000,
  /** For the whole request, slow senders included. */
  requestTimeout: 120_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxRequestsPerSocket: 0,
  insecureHTTPParser: false,
  requireHostHeader: true,
  joinDuplicateHeaders: false,
  noDelay: true,
} as const;

/** Open connections of callers; one more is closed at once. Bounds what idle and slow callers can hold together. */
const CONNECTIONS_MAX = 50_000;

/** How long a draining node waits for the next call on an idle connection, so that its answer can say "close". */
const IDLE_GRACE_MS = 1_000;

export interface ListenerParts {
  readonly pipeline: Pipeline;
  readonly snapshots: SnapshotHolder;
  readonly directory: Directory;
  nowMs(): number;
  monotonicMs(): number;
  /** Null where the node serves without TLS. */
  readonly tls: TlsServing | null;
  /** Proxies whose `x-forwarded-for` is believed; null for none. */
  readonly trustedProxies: BlockList | null;
  /** An exception where none can be: the connection is cut, and this is told. */
  onError(error: unknown): void;
}

/** The gateway's HTTP server: Node's strict parser with bounds on everything, each request handed to the pipeline. */
export class GatewayListener implements ServerState {
  readonly server:
    | Server<typeof CallMessage, typeof CallResponse>
    | HttpsServer<typeof CallMessage, typeof CallResponse>;
  readonly headers: readonly string[];
  private readonly parts: ListenerParts;
  isDraining = false;
  private inFlight = 0;
  private onIdle: (() => void) | null = null;
  /** The latest answer on each connection, begun or not. */
  private readonly answering = new WeakMap<Socket, CallResponse>();

  constructor(parts: ListenerParts) {
    this.parts = parts;
    const options = { ...LIMITS, IncomingMessage: CallMessage, ServerResponse: CallResponse };
    const { tls } = parts;
    this.server = tls === null ? createServer(options) : createHttpsServer({ ...tls.serverOptions(), ...options });
    this.headers = tls === null ? [] : HSTS;
    this.server.maxHeadersCount = 100;
    this.server.maxConnections = CONNECTIONS_MAX;
    this.server.on("request", (request, response) => this.take(request, response, false));
    this.server.on("checkContinue", (request, response) => this.take(request, response, true));
    this.server.on("clientError", this.refuseBroken);
  }

  /** Calls that are under way. */
  get callsInFlight(): number {
    return this.inFlight;
  }

  /** From now on every answer ends its connection; new calls are still served. */
  setDraining(isDraining: boolean): void {
    this.isDraining = isDraining;
  }

  /**
   * Takes no new connection, tells those that are open to end with their next answer, and waits for the calls under way,
   * at most `timeoutMs`. Idle connections are cut only after a pause: a call may be on its way on one of them.
   */
  async drain(timeoutMs: number): Promise<void> {
    this.isDraining = true;
    // http.Server's own `close` would cut idle connections at once.
    NetServer.prototype.close.call(this.server);
    const idleUntilMs = this.parts.monotonicMs() + Math.min(IDLE_GRACE_MS, timeoutMs);
    while (this.parts.monotonicMs() < idleUntilMs && (await openConnections(this.server)) > 0) await delay(20);
    this.server.closeIdleConnections();
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      // The last answer may still be on its way into its socket.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.server.closeAllConnections();
  }

  private take(message: CallMessage, response: CallResponse, isWaiting: boolean): void {
    if (hasTwoHosts(message.rawHeaders)) {
      this.refuse(message, response, "invalid_request", "The request names more than one host.", [
        "connection",
        "close",
      ]);
      return;
    }
    const match = matchEndpoint(message.method ?? "", message.url ?? "");
    if (match.kind !== "action") {
      const [code, text] = NO_ENDPOINT[match.kind];
      const allow = match.kind === "wrong_method" ? ["allow", match.allow] : [];
      this.refuse(message, response, code, text, allow);
      return;
    }
    const snapshot = this.parts.snapshots.current;
    if (snapshot === null) {
      this.refuse(message, response, "revision_behind", "This gateway has no policy yet. Try again.", RETRY_SOON);
      return;
    }
    const request = new HttpCallerRequest(message, response, match.tail, isWaiting, this.parts.trustedProxies);
    const startedAtMs = this.parts.nowMs();
    const call = new Call({
      id: newRequestId(startedAtMs),
      action: match.action,
      format: match.action === "models" && "anthropic-version" in message.headers ? "anthropic" : match.format,
      request,
      reply: new HttpReply(response, this, request),
      snapshot,
      directory: this.parts.directory.current,
      startedAtMs,
      startedMs: this.parts.monotonicMs(),
    });
    if (this.parts.tls?.asksCallers === true) noteSubject(call, message.socket);
    response.call = call;
    response.on("close", onClose).on("drain", onDrain);
    this.answering.set(message.socket, response);
    this.inFlight += 1;
    this.parts.pipeline.handle(call).then(this.finished, this.failed);
  }

  private readonly finished = (): void => {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.onIdle?.();
  };

  private readonly failed = (error: unknown): void => {
    this.finished();
    this.parts.onError(error);
  };

  /**
   * What is not HTTP gets one short answer, and the connection ends; at once where a call before it is still waiting for
   * its own answer, which this one must not be taken for.
   */
  private readonly refuseBroken = (error: NodeJS.ErrnoException, socket: Socket): void => {
    const isWaiting = this.answering.get(socket)?.writableFinished === false;
    if (!socket.writable || error.code === "ECONNRESET" || isWaiting) {
      socket.destroy();
      return;
    }
    const status = BROKEN[error.code ?? ""] ?? "400 Bad Request";
    const body = errorBody("invalid_request", "The request is not well-formed HTTP.");
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };

  private refuse(
    message: IncomingMessage,
    response: CallResponse,
    code: GatewayErrorCode,
    text: string,
    extra: readonly string[],
  ): void {
    const body = Buffer.from(errorBody(code, text, formatOfPath(message.url ?? "")));
    const headers = ["x-request-id", newRequestId(this.parts.nowMs()), "content-type", "application/json"];
    headers.push("content-length", String(body.length), ...extra, ...this.headers);
    if ((this.isDraining || hasLongBody(message)) && !extra.includes("close")) headers.push("connection", "close");
    response.writeHead(GATEWAY_ERRORS[code].status, headers);
    response.end(body);
  }
}

/** Whom the caller's certificate names, for the decision. */
function noteSubject(call: Call, socket: Socket): void {
  const subject = callerSubject(socket);
  call.allow("tls", subject === null ? "no client certificate" : "client certificate", { subject });
}

const RETRY_SOON = ["retry-after", "1", "retry-after-ms", "1000"];
const NO_ENDPOINT: Record<"not_found" | "not_supported" | "wrong_method", readonly [GatewayErrorCode, string]> = {
  not_found: ["not_found", "There is nothing at this path."],
  not_supported: ["not_supported", "This gateway does not serve this endpoint."],
  wrong_method: ["method_not_allowed", "This path does not take this method."],
};

function openConnections(server: NetServer): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0)));
}

/** RFC 9112 3.2 has such a request refused; Node's parser takes it. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}

function onClose(this: CallResponse): void {
  if (!this.writableFinished) this.call?.callerGone();
}

function onDrain(this: CallResponse): void {
  this.call?.callerReady();
}

const BROKEN: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "413 Payload Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};
