import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One request as the upstream received it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: string[];
  readonly body: string;
}

export type Answer = (response: ServerResponse, received: Received) => void | Promise<void>;

/** A scripted upstream for tests: remembers what it received, byte by byte, and answers as it is told. */
export class TestUpstream {
  private readonly server: Server;
  readonly received: Received[] = [];
  answer: Answer = completion;
  /** Connections that ended before the answer did. */
  cancelled = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  static async start(): Promise<TestUpstream> {
    const upstream = new TestUpstream();
    await new Promise<void>((resolve) => upstream.server.listen(0, "127.0.0.1", resolve));
    return upstream;
  }

  /** Listens again, on the port it had: what was down is back. */
  async restart(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/v1`;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const received: Received = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString(),
    };
    this.received.push(received);
    response.on("close", () => {
      if (!response.writableFinished) this.cancelled += 1;
    });
    await this.answer(response, received);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

export const COMPLETION_TEXT =
  '{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello \\"you\\""},"finish_reason":"stop"}],\n"usage": {"prompt_tokens":12,"completion_tokens":40,"total_tokens":52}}';

/** Answers any call with one whole completion. */
export const completion: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" }).end(COMPLETION_TEXT);
};

/** Answers with a status and a body. */
export function status(code: number, body = "{}", headers: Record<string, string | string[]> = {}): Answer {
  return (response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers }).end(body);
  };
}

export function streamEvent(content: string): string {
  const choice = { index: 0, delta: { content }, finish_reason: null };
  const chunk = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [choice], usage: null };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

export const USAGE_EVENT =
  'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}\n\n';

/** Streams words, then the usage event, then the end; one write each. */
export function stream(words: readonly string[]): Answer {
  return async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of words) {
      response.write(streamEvent(word));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.write(USAGE_EVENT);
    response.end("data: [DONE]\n\n");
  };
}
