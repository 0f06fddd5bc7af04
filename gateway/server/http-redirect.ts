import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

const LIMITS = {
  maxHeaderSize: 8 * 1_024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 1_000,
  connectionsCheckingInterval: 1_000,
} as const;
const CONNECTIONS_MAX = 1_000;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]{1,255})(?::\d{1,5})?$/i;

/**
 * A server without TLS that serves nothing: it sends whoever comes to the same place under https, with 308 so that a POST
 * stays one, and ends the connection.
 */
export function createRedirectServer(httpsPort: () => number): Server {
  const server = createServer(LIMITS, (request, response) => redirect(request, response, httpsPort()));
  server.maxConnections = CONNECTIONS_MAX;
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

function redirect(request: IncomingMessage, response: ServerResponse, port: number): void {
  const host = HOST.exec(request.headers.host ?? "")?.[1];
  const path = request.url ?? "/";
  if (host === undefined || !path.startsWith("/")) {
    response.writeHead(400, { connection: "close", "content-length": 0 }).end();
    return;
  }
  const place = port === 443 ? host : `${host}:${port}`;
  response.writeHead(308, { location: `https://${place}${path}`, connection: "close", "content-length": 0 }).end();
}
