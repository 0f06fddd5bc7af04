import type { Verdict } from "#e2e/chaos/verdict.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { type RawAnswers, rawHttp } from "./raw-http.ts";

const AT_ONCE = 32;
const SILENT_MS = 400;
const BODY = '{"model":"smart"}';
/** What tells a well-formed request from what a hostile one might have smuggled in. */
const MARK = '"user":"good"';
const SMUGGLED = "GET /v1/models HTTP/1.1\r\nhost: smuggled\r\n\r\n";

/** A small generator with a seed (mulberry32), so that a finding can be had again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What makes a request's framing or form dubious: header lines, and what stands in the place of the body. */
const FRAMINGS: readonly { headers: string[]; body: string }[] = [
  { headers: ["content-length: 6", "transfer-encoding: chunked"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding: chunked", "content-length: 6"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["content-length: 17", "content-length: 5"], body: BODY },
  { headers: ["content-length: 17, 17"], body: BODY },
  { headers: ["content-length: +17"], body: BODY },
  { headers: ["content-length: -17"], body: BODY },
  { headers: ["content-length: 0x11"], body: BODY },
  { headers: ["content-length: 17abc"], body: BODY },
  { headers: ["content-length: 99999999999999999999"], body: BODY },
  { headers: ["content-length:"], body: BODY },
  { headers: ["transfer-encoding: xchunked"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding: chunked, identity"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding: identity, chunked", "content-length: 4"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding: chunked", "transfer-encoding: identity"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding:\x0bchunked"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding : chunked"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer_encoding: chunked", "content-length: 5"], body: `0\r\n\r\n${SMUGGLED}` },
  { headers: ["transfer-encoding: chunked"], body: "fffffffffffffffff\r\n" },
  { headers: ["transfer-encoding: chunked"], body: `0x11\r\n${BODY}\r\n0\r\n\r\n` },
  { headers: ["transfer-encoding: chunked"], body: `11;${"a".repeat(20_000)}\r\n${BODY}\r\n0\r\n\r\n` },
  { headers: ["transfer-encoding: chunked"], body: `-11\r\n${BODY}\r\n0\r\n\r\n` },
  { headers: ["transfer-encoding: chunked"], body: `11\n${BODY}\n0\n\n` },
  { headers: ["content-length: 17", "x-a: b\0c"], body: BODY },
  { headers: ["content-length: 17", "x-a: b\rc"], body: BODY },
  { headers: ["content-length: 17", " folded: header"], body: BODY },
  { headers: ["content-length: 17", "\tfolded"], body: BODY },
  { headers: ["content-length: 17", "no colon here"], body: BODY },
  { headers: ["content-length: 17", ": no name"], body: BODY },
  { headers: ["content-length: 17", `x-a: ${"b".repeat(65_536)}`], body: BODY },
  { headers: ["content-length: 17", "host: another"], body: BODY },
  { headers: ["content-length: 17", ...Array.from({ length: 3_000 }, (_, number) => `x-${number}: y`)], body: BODY },
];

const METHODS = ["POST", "post", "PO ST", "POST\t", "\0POST", "PRI", "GET ", "CONNECT", "TRACE"];
const TARGETS = [
  "/v1/chat/completions",
  "/v1/chat/completions HTTP/1.1\r\nx: y",
  "//v1/chat/completions",
  "/v1/chat/../chat/completions",
  "/v1/chat/completions#x",
  "http://127.0.0.1/v1/chat/completions",
  "*",
  "/v1/%00/completions",
  `/${"a".repeat(20_000)}`,
];
const PROTOCOLS = ["HTTP/1.1", "HTTP/1.1 ", "HTTP/2.0", "HTTP/0.9", "HTTP/1.10", "http/1.1", "RTSP/1.0", ""];
const ENDS = ["\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n"];

function wellFormed(secret: string): string {
  const head = ["POST /v1/chat/completions HTTP/1.1", "host: gateway", `x-api-key: ${secret}`];
  const body = `{"model":"smart",${MARK}}`;
  return [...head, `content-length: ${body.length}`, "", body].join("\r\n");
}

/** One hostile request: a dubious framing behind a first line that may be dubious too, then perhaps cut or spoilt. */
function hostile(random: () => number, secret: string): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const framing = pick(FRAMINGS);
  const first =
    random() < 0.6 ? "POST /v1/chat/completions HTTP/1.1" : `${pick(METHODS)} ${pick(TARGETS)} ${pick(PROTOCOLS)}`;
  const headers = [...framing.headers];
  if (random() < 0.3) headers.push("__proto__: x", "constructor: y");
  if (random() < 0.3) headers.reverse();
  const end = pick(ENDS);
  const text = [first, "host: gateway", `x-api-key: ${secret}`, ...headers, "", framing.body].join(end);
  if (random() < 0.15) return text.slice(0, Math.floor(random() * text.length));
  if (random() < 0.15) {
    const at = Math.floor(random() * Math.min(text.length, 400));
    return `${text.slice(0, at)}${String.fromCharCode(Math.floor(random() * 256))}${text.slice(at + 1)}`;
  }
  return text;
}

/**
 * Malformed and smuggling requests on every port of a node. None may crash it or be answered with a 5xx, and the upstream
 * must have received exactly as many requests as were answered well: one more would be a request that only one side saw.
 */
export async function http(n: number): Promise<Verdict> {
  const harness = await Harness.start();
  const random = seeded(20_261_124);
  const ports = [harness.node.port, harness.node.port, harness.node.port, harness.node.statusPort];
  let accepted = 0;
  let wellFormedSent = 0;
  let serverErrors = 0;
  let leaked = 0;
  let done = 0;
  const tally = (port: number, { statuses }: RawAnswers): void => {
    serverErrors += statuses.filter((status) => status >= 500).length;
    if (port === harness.node.port) accepted += statuses.filter((status) => status === 200).length;
  };
  const worker = async (): Promise<void> => {
    while (done < n) {
      const port = ports[done++ % ports.length] ?? 0;
      // Behind a good one on the same connection, what follows must not change how that one was understood.
      const isFollowing = port === harness.node.port && random() < 0.3;
      if (isFollowing) wellFormedSent += 1;
      const before = isFollowing ? wellFormed(harness.secret) : "";
      const bytes = Buffer.from(before + hostile(random, harness.secret), "latin1");
      tally(port, await rawHttp(port, bytes, SILENT_MS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const received = harness.first.received;
  const isPolluted = Reflect.get(Object.prototype, "x") !== undefined;
  for (const { headers, path } of received) {
    if (headers["x-api-key"] !== undefined || path !== "/v1/chat/completions" || headers.host === "smuggled")
      leaked += 1;
  }
  const marked = received.filter(({ body }) => body.includes(MARK)).length;
  // Of the well-formed, some lose their connection to what follows them before they are answered: no answer, no matter.
  const unseen = received.length - marked - Math.max(0, accepted - marked);
  const desync = Math.max(0, unseen) + Math.max(0, marked - wellFormedSent) + Math.max(0, accepted - received.length);
  const works = (await harness.chat("smart")).status === 200;
  await harness.stop();
  const violations = serverErrors + leaked + desync + (works ? 0 : 1) + (isPolluted ? 1 : 0);
  const figures = {
    accepted,
    wellFormedSent,
    upstreamReceived: received.length - 1,
    desync,
    serverErrors,
    leaked,
    worksAfterwards: works ? 1 : 0,
  };
  return { case: "http", n, violations, figures };
}
