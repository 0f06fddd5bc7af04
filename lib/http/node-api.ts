import { bytesHash } from "../contract/node-answer.ts";
import type { StreamMessage } from "../contract/node-protocol.ts";
import { ChangeFeed } from "../db/change-feed.ts";
import { database } from "../db/client.ts";
import { systemContext } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import {
  announceNodeKey,
  FleetHub,
  joinNode,
  type NodePosition,
  openSession,
  ReportDesk,
  readReport,
  reportNode,
  requireRelease,
  type StreamSession,
  watchNode,
} from "../domain/node/index.ts";
import { CHANGE_CHANNEL } from "../domain/notify.ts";
import { ingestUsage } from "../domain/usage/ingest.ts";
import { env } from "../env.ts";
import { answer, answerNode, answerSigned, asNode, inflate, jsonFor, parseJson, proved } from "./node-request.ts";

/** The node protocol over HTTP: `/api/node/v1/{join,stream,report,usage,key}` (see `lib/contract/node-protocol.ts`). */
/** A comment this often keeps the stream open through proxies and tells both sides that the other lives. */
const HEARTBEAT_MS = 2_500;
const HEARTBEAT = Buffer.from(": still here\n\n");

// One LISTEN connection, one hub and one desk a process, also across the module reloads of a development server.
const globals: typeof globalThis & { turnpikeFleetHub?: FleetHub; turnpikeReportDesk?: ReportDesk } = globalThis;

function reportDesk(): ReportDesk {
  globals.turnpikeReportDesk ??= new ReportDesk(systemContext(database(), "node reports"));
  return globals.turnpikeReportDesk;
}

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
  return answerSigned(request, async (ctx, signed) => {
    const taken = await reportDesk().take(signed);
    if (taken !== null) return jsonFor(ctx, taken.node, taken.response);
    return proved(ctx, signed, async (_, node, body) => {
      const output = await reportNode(ctx, { nodeId: node.id, ...(await readReport(ctx, node.id, parseJson(body))) });
      await reportDesk().remember(node);
      return jsonFor(ctx, node, output);
    });
  });
}

/** POST /key: the key that the node will sign with next. */
export function handleKey(request: Request): Promise<Response> {
  return answerNode(request, (ctx, node, body) =>
    announceNodeKey(ctx, { nodeId: node.id, announcement: parseJson(body) }),
  );
}

/** POST /usage: a batch of events, gzip allowed; answered after commit. */
export function handleUsage(request: Request): Promise<Response> {
  return answerNode(request, (ctx, node, body) =>
    ingestUsage(ctx, { nodeId: node.id, batch: parseJson(inflate(request, body)) }),
  );
}

/** GET /stream: server-sent events, everything the node is missing and then every change. */
export function handleStream(request: Request): Promise<Response> {
  return asNode(request, async (ctx, node) => {
    const query = new URL(request.url).searchParams;
    requireRelease({ version: query.get("version") ?? node.softwareVersion });
    const start = position(query);
    const messages = (signal: AbortSignal) => watchNode(node.id, start, fleetHub(), ctx.now, signal);
    const session = await openSession(ctx, node);
    return new Response(eventStream(messages, session, request.signal), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        ...session.headers,
      },
    });
  });
}

const POSITION_FIELDS = new Set(["epoch", "revision", "directory", "credentials", "packed", "version"]);

function position(query: URLSearchParams): NodePosition {
  const unknown = [...query.keys()].find((name) => !POSITION_FIELDS.has(name));
  if (unknown !== undefined) throw new DomainError("invalid_request", `A stream has no parameter "${unknown}".`);
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

/** A message as the line that carries it, with the hash that its MACs are made of. */
interface WrittenMessage {
  line: Buffer;
  dataHash: string;
}

/** A message that goes to many streams is written once. */
const written = new WeakMap<StreamMessage, WrittenMessage>();

function writtenOf(message: StreamMessage): WrittenMessage {
  let known = written.get(message);
  if (known === undefined) {
    const data = JSON.stringify(message);
    known = { line: Buffer.from(`data: ${data}\n\n`), dataHash: bytesHash(data) };
    written.set(message, known);
  }
  return known;
}

/** Messages as server-sent events, one by one as the reader takes them, with a heartbeat in between. */
function eventStream(
  messages: (signal: AbortSignal) => AsyncGenerator<StreamMessage>,
  session: StreamSession,
  clientGone: AbortSignal,
): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  const end = () => stop.abort();
  clientGone.addEventListener("abort", end, { once: true });
  const source = messages(stop.signal);
  let heartbeat: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      heartbeat = setInterval(() => controller.enqueue(HEARTBEAT), HEARTBEAT_MS);
    },
    async pull(controller) {
      try {
        const next = await source.next();
        if (next.done) {
          clearInterval(heartbeat);
          controller.close();
          return;
        }
        const { line, dataHash } = writtenOf(next.value);
        controller.enqueue(Buffer.from(session.idLine(dataHash)));
        controller.enqueue(line);
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
