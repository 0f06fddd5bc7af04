// The control plane without its pages: the management API and the node protocol over plain node:http, with the background
// jobs. For tests and measurements that need real processes and no console. Prints `listening` once it does.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { database } from "#lib/db/client.ts";
import { env } from "#lib/env.ts";
import { handle } from "#lib/http/handle.ts";
import { handleJoin, handleKey, handleReport, handleStream, handleUsage } from "#lib/http/node-api.ts";
import { startJobs } from "#lib/jobs/start-jobs.ts";

const NODE_API: Record<string, (request: Request) => Promise<Response>> = {
  "/api/node/v1/join": handleJoin,
  "/api/node/v1/report": handleReport,
  "/api/node/v1/stream": handleStream,
  "/api/node/v1/usage": handleUsage,
  "/api/node/v1/key": handleKey,
};

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  const url = new URL(incoming.url ?? "/", `http://127.0.0.1:${env().PORT}`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const method = incoming.method ?? "GET";
  const body = method === "GET" ? {} : { body: Buffer.concat(chunks) };
  const request = new Request(url, { method, headers, signal: gone.signal, ...body });
  const response = await (NODE_API[url.pathname] ?? ((each) => handle(each, { database: database() })))(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  Readable.from(response.body)
    .on("error", () => outgoing.destroy())
    .pipe(outgoing);
}

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(env().PORT, "127.0.0.1", () => process.stdout.write("listening\n"));
void startJobs(database(), new AbortController().signal);
