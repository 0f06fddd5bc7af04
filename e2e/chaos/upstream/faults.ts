import type { ServerResponse } from "node:http";
import type { Received } from "#gateway/testing/upstream.ts";
import { type Wire, wireOf } from "./wire.ts";

/** How many writes get out before something goes wrong in the middle. */
const CHUNKS = 4;
const DRIP_MS = 10;

/** One way in which an upstream fails, and what a caller may see of it. */
export interface Fault {
  /** The mode it makes sense in; absent: both. */
  readonly only?: "unary" | "stream";
  /** The gateway's error that the call must end in; null: it must end in the complete answer. */
  readonly code: string | null;
  /** Whether the upstream had begun to answer: then it must not be asked again. */
  readonly hasBegun: boolean;
  /** The answer is so long that it is passed on as it comes: all a caller of a whole answer can see is the cut. */
  readonly mayCut?: boolean;
  readonly hasUsage?: boolean;
  serve(response: ServerResponse, wire: Wire, received: Received): void;
}

function head(response: ServerResponse, { isStream }: Wire): void {
  response.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
}

function healthy(response: ServerResponse, wire: Wire): void {
  head(response, wire);
  response.end(wire.isStream ? wire.events.join("") : wire.whole);
}

/** The first part of an answer, and then `next`, once it is on its way. */
function begun(response: ServerResponse, wire: Wire, next: () => void): void {
  head(response, wire);
  const half = wire.whole.slice(0, Math.floor(wire.whole.length / 2));
  response.write(wire.isStream ? wire.events.slice(0, CHUNKS).join("") : half);
  setTimeout(next, 2 * DRIP_MS);
}

/** Writes the same again and again until the gateway has had enough. */
function endless(response: ServerResponse, wire: Wire, piece: string | Buffer): void {
  head(response, wire);
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(piece);
  }, DRIP_MS);
  response.on("close", () => clearInterval(timer));
}

function refuse(code: number, headers: Record<string, string> = {}): Fault["serve"] {
  return (response, _wire, received) => {
    const error = { type: "error", message: `Incorrect API key provided: ${credentialOf(received)}`, code };
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ type: "error", error }));
  };
}

function whole(body: string, contentType = "application/json"): Fault["serve"] {
  return (response) => {
    response.writeHead(200, { "content-type": contentType }).end(body);
  };
}

const GARBAGE = Buffer.concat([
  Buffer.from('data: {"broken": \n\nevent: \u0000\ndata: [[[\n\ndata: '),
  Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x0a]),
]);

/** The credential as an upstream received it. */
function credentialOf({ headers }: Received): string {
  return String(headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"]).replace(/^Bearer /, "");
}

/** The upstream's own error in the middle of its stream, in the words of its dialect. */
function errorEvent({ path }: Received, message: string): string {
  if (path.startsWith("/v1/chat")) return `data: ${JSON.stringify({ error: { message, type: "server_error" } })}\n\n`;
  if (path.includes("/v1beta/")) return `data: ${JSON.stringify({ error: { code: 503, message } })}\n\n`;
  const error = { type: "overloaded_error", message };
  const inWords = path.startsWith("/v1/messages") ? { type: "error", error } : { type: "error", code: null, message };
  return `event: error\ndata: ${JSON.stringify(inWords)}\n\n`;
}

/** Bytes in the place of a response's head. */
const raw =
  (bytes: string): Fault["serve"] =>
  (response) =>
    void response.socket?.write(bytes);

const PAGE = "<!doctype html><html><body>502 Bad Gateway</body></html>";

const broken = (serve: Fault["serve"], more: Partial<Fault> = {}): Fault => ({
  code: "upstream_error",
  hasBegun: true,
  serve,
  ...more,
});

const stalled = (serve: Fault["serve"], more: Partial<Fault> = {}): Fault =>
  broken(serve, { code: "upstream_timeout", ...more });

const refused = (code: number, headers: Record<string, string> = {}): Fault =>
  broken(refuse(code, headers), { code: code === 429 ? "rate_limit_exceeded" : "upstream_error", hasBegun: false });

/** Everything that upstreams do wrong. Each refusal also speaks of the credential. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  none: { code: null, hasBegun: true, serve: healthy },
  "usage missing": { code: null, hasBegun: true, hasUsage: false, serve: healthy },
  "reset before a byte": broken((response) => void response.destroy(), { hasBegun: false }),
  "reset after some chunks": broken((response, wire) => begun(response, wire, () => response.destroy())),
  "stall before a byte": stalled(() => {}, { hasBegun: false }),
  "stall midway": stalled((response, wire) => begun(response, wire, () => {})),
  "429": refused(429),
  "429 with retry-after": refused(429, { "retry-after": "7" }),
  "500": refused(500),
  "503": refused(503, { "retry-after": "1" }),
  "401 with the credential": refused(401),
  "garbage events": broken(
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(GARBAGE);
    },
    { only: "stream", hasBegun: false },
  ),
  "garbage events midway": broken((response, wire) => begun(response, wire, () => response.end(GARBAGE)), {
    only: "stream",
  }),
  "its own error midway": broken(
    (response, wire, received) =>
      begun(response, wire, () => response.end(errorEvent(received, `Overloaded, ${credentialOf(received)}`))),
    { only: "stream" },
  ),
  "its own error in a 200": broken(whole('{"error":{"message":"Overloaded","code":502}}'), { only: "unary" }),
  "a head without an end": stalled(raw("HTTP/1.1 200 OK\r\ncontent-"), { hasBegun: false }),
  "no HTTP": broken(raw("SSH-2.0-OpenSSH_9.6\r\n"), { hasBegun: false }),
  "broken chunks": broken((response, wire) => begun(response, wire, () => void response.socket?.write("zz\r\n"))),
  "stream ends midway": broken((response, wire) => begun(response, wire, () => response.end()), { only: "stream" }),
  "endless stream": stalled((response, wire) => endless(response, wire, wire.textEvent), { only: "stream" }),
  "invalid JSON": broken(whole('{"id":"1","choices":[}'), { only: "unary" }),
  "no JSON": broken(whole("upstream connect error"), { only: "unary" }),
  "another JSON": broken(whole('["not", "an", "answer"]'), { only: "unary" }),
  "truncated body": broken((response, wire) => begun(response, wire, () => response.end()), { only: "unary" }),
  "body shorter than its length": broken(
    (response, { whole: text }) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length + 100 });
      response.write(text);
      setTimeout(() => response.destroy(), 2 * DRIP_MS);
    },
    { only: "unary" },
  ),
  "endless body": stalled((response, wire) => endless(response, wire, '{"a":"aaaaaaaa"},'), { only: "unary" }),
  "endless long body": stalled((response, wire) => endless(response, wire, Buffer.alloc(65_536, 0x20)), {
    only: "unary",
    mayCut: true,
  }),
  "a page": broken(whole(PAGE, "text/html; charset=utf-8"), { hasBegun: false }),
  empty: broken(
    (response, wire) => {
      head(response, wire);
      response.end();
    },
    { hasBegun: false },
  ),
};

/** Serves a request with a fault. */
export function serveFault(fault: Fault, response: ServerResponse, received: Received): void {
  fault.serve(response, wireOf(received, fault.hasUsage !== false), received);
}
