import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";

/** Connecting and waiting for the head of an answer, together. */
const HEAD_MS_MAX = 10_000;
/** A connection is there at once, or the network is not; one that is there may wait for a busy control plane. */
const CONNECT_MS_MAX = 3_000;
/** Below what common servers keep (5 s). */
const IDLE_MS_MAX = 4_000;

export interface ControlRequest {
  readonly method: "GET" | "POST";
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** The longest silence within the answer's body. */
  readonly silenceMsMax: number;
  readonly signal?: AbortSignal;
}

export interface ControlResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Ends with an error when the connection breaks or falls silent. Whoever stops in the middle closes the connection. */
  readonly body: AsyncIterable<Buffer>;
  /** Gives the body up. */
  discard(): void;
}

/** The way to one control plane: node:http with connections that are kept alive. Redirects are not followed. */
export class ControlTransport {
  private readonly origin: URL;
  private readonly agent: HttpAgent;

  constructor(controlUrl: string) {
    this.origin = new URL(controlUrl);
    const settings = { keepAlive: true, timeout: IDLE_MS_MAX };
    this.agent = this.isTls ? new HttpsAgent(settings) : new HttpAgent(settings);
  }

  private get isTls(): boolean {
    return this.origin.protocol === "https:";
  }

  /** Rejects when no answer begins in time, the control plane is away, or the signal says so. */
  send(request: ControlRequest): Promise<ControlResponse> {
    const { method, path, headers, body, signal } = request;
    const options: RequestOptions = {
      host: this.origin.hostname.replace(/^\[|\]$/g, ""),
      port: this.origin.port === "" ? (this.isTls ? 443 : 80) : Number(this.origin.port),
      method,
      path,
      headers: body === null ? headers : { ...headers, "content-length": body.length },
      agent: this.agent,
      ...(signal === undefined ? {} : { signal }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = this.isTls ? httpsRequest(options) : httpRequest(options);
      const timer = setTimeout(() => outgoing.destroy(new Error("The control plane does not answer")), HEAD_MS_MAX);
      outgoing.once("socket", (socket) => boundConnect(socket, (error) => outgoing.destroy(error)));
      outgoing.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.on("response", (incoming) => {
        clearTimeout(timer);
        resolve(responseOf(incoming, request.silenceMsMax));
      });
      outgoing.end(body ?? undefined);
    });
  }

  /** Closes every connection at once. */
  close(): void {
    this.agent.destroy();
  }
}

function boundConnect(socket: Socket, give: (error: Error) => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => give(new Error("The control plane cannot be reached")), CONNECT_MS_MAX);
  for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
}

function responseOf(incoming: IncomingMessage, silenceMsMax: number): ControlResponse {
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body: bodyOf(incoming, silenceMsMax),
    discard: () => {
      // What breaks off now is nobody's problem.
      incoming.on("error", () => {}).destroy();
    },
  };
}

/** The chunks of a body. The time a reader takes over one is not silence. */
async function* bodyOf(incoming: IncomingMessage, silenceMsMax: number): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = incoming[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => incoming.destroy(new Error("The control plane fell silent")), silenceMsMax);
      const { value, done } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    incoming.destroy();
  }
}
