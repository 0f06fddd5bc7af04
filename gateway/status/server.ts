import { createServer, type Server, type ServerResponse } from "node:http";
import type { Metrics } from "./metrics.ts";

export interface StatusSource {
  /** Why this node should get no calls, or null when it should. */
  notReadyReason(): string | null;
}

/** The status port: alive, ready, metrics. Nothing on it changes anything. */
export function createStatusServer(source: StatusSource, metrics: Metrics): Server {
  const server = createServer({ maxHeaderSize: 8 * 1_024, requestTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer(response, 405, "method not allowed\n");
    } else if (path === "/healthz") {
      answer(response, 200, "ok\n");
    } else if (path === "/readyz") {
      const reason = source.notReadyReason();
      answer(response, reason === null ? 200 : 503, `${reason ?? "ready"}\n`);
    } else if (path === "/metrics") {
      metrics.text().then(
        (text) => answer(response, 200, text, metrics.contentType),
        () => answer(response, 500, "metrics are not available\n"),
      );
    } else {
      answer(response, 404, "not found\n");
    }
  });
  return server;
}

function answer(response: ServerResponse, status: number, text: string, type = "text/plain; charset=utf-8"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
