import { gunzipSync } from "node:zlib";
import type { StreamMessage } from "../contract/node-protocol.ts";
import { ChangeFeed } from "../db/change-feed.ts";
import { database } from "../db/client.ts";
import { type Context, systemContext } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import { newId } from "../domain/new-id.ts";
import {
  authenticateNode,
  FleetHub,
  joinNode,
  type NodePosition,
  reportNode,
  watchNode,
} from "../domain/node/index.ts";
import { CHANGE_CHANNEL } from "../domain/notify.ts";
import { ingestUsage } from "../domain/usage/ingest.ts";
import { env } from "../env.ts";
import { problemResponse } from "./problem.ts";

/** The node protocol over HTTP: `/api/node/v1/{join,stream,report,usage}` (see `lib/contract/node-protocol.ts`). */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const INFLATED_BYTES_MAX = 64 * 1024 * 1024;
/** A comment this often keeps the stream open through proxies and tells both sides that the other lives. */
const HEARTBEAT_MS = 15_000;

// One LISTEN connection and one hub a process, also across the module reloads of a development server.
const globals: typeof globalThis & { turnpikeFleetHub?: FleetHub } = globalThis;

function fleetHub(): FleetHub {
  globals.turnpikeFleetHub ??= new FleetHub(
    systemContext(database(), "node streams"),
    new ChangeFeed(env().DATABASE_URL, CHANGE_CHANNEL),
  );
  return globals.turnpikeFleetHub;
}

/** POST /join: a one-use token becomes a node's identity. */
export function handleJoin(request: Request): Promise<Response> {
  return answer(request, async (ctx, body) => Response.json(await joinNode(ctx, parseJson(body)), { status: 201 }));
}

/** POST /report: heartbeat, ACK/NACK and utilisation. */
export function handleReport(request: Request): Promise<Response> {
  return answer(request, async (ctx, body) => {
    const node = await authenticateNode(ctx, signedParts(request, body));
    return Response.json(await reportNode(ctx, { nodeId: node.id, report: parseJson(body) }));
  });
}

/** POST /usage: a batch of events, gzip allowed; answered after commit. */
export function handleUsage(request: Request): Promise<Response> {
  return answer(request, async (ctx, body) => {
    const node = await authenticateNode(ctx, signedParts(request, body));
    return Response.json(await ingestUsage(ctx, { nodeId: node.id, batch: parseJson(inflate(request, body)) }));
  });
}

/** GET /stream: server-sent events, everything the node is missing and then every change. */
export function handleStream(request: Request): Promise<Response> {
  return answer(request, async (ctx, body) => {
    const node = await authenticateNode(ctx, signedParts(request, body));
    const start = position(new URL(request.url).searchParams);
    const messages = (signal: AbortSignal) => watchNode(node.id, start, fleetHub(), ctx.now, signal);
    return new Response(eventStream(messages, request.signal), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  });
}

async function answer(request: Request, work: (ctx: Context, body: Buffer) => Promise<Response>): Promise<Response> {
  const ctx = systemContext(database(), newId("req"));
  try {
    return await work(ctx, await readBody(request));
  } catch (error) {
    return problemResponse(error, ctx.requestId);
  }
}

function signedParts(request: Request, body: Buffer) {
  const url = new URL(request.url);
  return {
    authorization: request.headers.get("authorization"),
    method: request.method,
    target: url.pathname + url.search,
    body,
  };
}

async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX)
      throw new DomainError(
        "invalid_request",
        `A body may have at most ${BODY_BYTES_MAX} bytes. Send a smaller batch.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function inflate(request: Request, body: Buffer): Buffer {
  if (request.headers.get("content-encoding") !== "gzip") return body;
  try {
    return gunzipSync(body, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch {
    throw new DomainError("invalid_request", "The body is not gzip, or is too large once inflated.");
  }
}

function parseJson(body: Buffer) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new DomainError("invalid_request", "The body is not JSON.");
  }
}

function position(query: URLSearchParams): NodePosition {
  const read = (name: string) => {
    const value = Number(query.get(name) ?? "0");
    if (!Number.isSafeInteger(value) || value < 0)
      throw new DomainError("invalid_request", `${name} must be a whole number from 0 on.`);
    return value;
  };
  return {
    epoch: read("epoch"),
    revision: read("revision"),
    directory: read("directory"),
    credentials: read("credentials"),
    isPacked: query.get("packed") === "zstd",
  };
}

/** A message that goes to many streams is written once. */
const written = new WeakMap<StreamMessage, Buffer>();

function eventBytes(message: StreamMessage): Buffer {
  let bytes = written.get(message);
  if (bytes === undefined) {
    bytes = Buffer.from(`data: ${JSON.stringify(message)}\n\n`);
    written.set(message, bytes);
  }
  return bytes;
}

/** Messages as server-sent events, one by one as the reader takes them, with a heartbeat in between. */
function eventStream(
  messages: (signal: AbortSignal) => AsyncGenerator<StreamMessage>,
  clientGone: AbortSignal,
): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  const end = () => stop.abort();
  clientGone.addEventListener("abort", end, { once: true });
  const source = messages(stop.signal);
  let heartbeat: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      heartbeat = setInterval(() => controller.enqueue(Buffer.from(": still here\n\n")), HEARTBEAT_MS);
    },
    async pull(controller) {
      try {
        const next = await source.next();
        if (next.done) {
          clearInterval(heartbeat);
          controller.close();
        } else controller.enqueue(eventBytes(next.value));
      } catch (error) {
        clearInterval(heartbeat);
        controller.error(error);
      }
    },
    cancel() {
      clearInterval(heartbeat);
      end();
    },
  });
}
