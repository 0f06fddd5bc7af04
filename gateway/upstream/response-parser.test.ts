import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseParser } from "./response-parser.ts";

interface Parsed {
  status: number;
  headers: Record<string, unknown>;
  body: string;
  state: string;
  /** What was left over behind the response. */
  rest: string;
  isPersistent: boolean;
}

/** Reads one response from bytes that come in these pieces; an end of the connection after the last. */
function parse(pieces: readonly Buffer[], { isHeadRequest = false, parser = new ResponseParser() } = {}): Parsed {
  const parsed: Parsed = { status: 0, headers: {}, body: "", state: "more", rest: "", isPersistent: false };
  parser.begin(
    {
      head: (status, headers) => Object.assign(parsed, { status, headers: { ...headers } }),
      data: (chunk) => {
        parsed.body += chunk.toString("latin1");
      },
    },
    isHeadRequest,
  );
  for (const [place, piece] of pieces.entries()) {
    const reused = Buffer.from(piece);
    parsed.state = parser.push(reused);
    if (parsed.state === "whole") {
      parsed.rest = Buffer.concat([reused.subarray(parser.end), ...pieces.slice(place + 1)]).toString("latin1");
    }
    // What was pushed belongs to whoever reads the socket.
    reused.fill(0x58);
    if (parsed.state !== "more") break;
  }
  if (parsed.state === "more") parsed.state = parser.finish() === "whole" ? "whole at end" : "broken";
  parsed.isPersistent = parser.isPersistent;
  return parsed;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const token = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/);
const value = fc.stringMatching(/^[!-~\x80-\xff]([ -~\t\x80-\xff]{0,20}[!-~\x80-\xff])?$/);
const OWN = new Set(["content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"]);
const fields = fc
  .uniqueArray(fc.tuple(token, value), { maxLength: 8, selector: ([name]) => name })
  .map((list) => list.filter(([name]) => !OWN.has(name)));
const body = fc.array(fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }), {
  maxLength: 6,
});
const status = fc.integer({ min: 200, max: 599 }).filter((code) => code !== 204 && code !== 304);
const places = fc.array(fc.nat(), { maxLength: 12 });

interface Case {
  status: number;
  fields: [string, string][];
  parts: string[];
  framing: "length" | "chunked" | "close";
  interim: boolean;
  places: number[];
  rest: string;
}
const anyCase: fc.Arbitrary<Case> = fc.record({
  status,
  fields,
  parts: body,
  framing: fc.constantFrom("length", "chunked", "close"),
  interim: fc.boolean(),
  places,
  rest: fc.constantFrom("", "HTTP/1.1 200 OK\r\n\r\n", "x", "\r\n"),
});

function written({ status: code, fields: list, parts, framing, interim }: Case): Buffer {
  const lines = list.map(([name, text]) => `${name.toUpperCase()}:  ${text} \r\n`).join("");
  const before = interim ? "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100 \r\n\r\n" : "";
  const start = `${before}HTTP/1.1 ${code} Any Reason\r\n${lines}`;
  const text = parts.join("");
  if (framing === "close") return latin1(`${start}\r\n${text}`);
  if (framing === "length") return latin1(`${start}content-length: ${text.length}\r\n\r\n${text}`);
  const chunks = parts
    .filter((part) => part !== "")
    .map((part, place) => `${part.length.toString(16)}${place % 2 === 0 ? "" : ";a=b"}\r\n${part}\r\n`);
  return latin1(`${start}transfer-encoding: chunked\r\n\r\n${chunks.join("")}0\r\nx-trailer: t\r\n\r\n`);
}

describe("a response", () => {
  it("is read alike however it is cut, up to its last byte and not further", () => {
    const parser = new ResponseParser();
    fc.assert(
      fc.property(anyCase, (each) => {
        const rest = each.framing === "close" ? "" : each.rest;
        const bytes = Buffer.concat([written(each), latin1(rest)]);
        const found = parse(cut(bytes, each.places), { parser });
        expect(found).toMatchObject({
          status: each.status,
          body: each.parts.join(""),
          state: each.framing === "close" ? "whole at end" : "whole",
          rest,
          isPersistent: each.framing !== "close",
        });
        for (const [name, text] of each.fields) expect(found.headers[name]).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("that is torn off is never taken for a whole one", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (each, at) => {
        fc.pre(each.framing !== "close");
        const bytes = written(each);
        const found = parse(cut(bytes.subarray(0, at % bytes.length), each.places));
        expect(found.state).toBe("broken");
        expect(each.parts.join("").startsWith(found.body)).toBe(true);
      }),
    );
  });

  it("of any bytes at all is read alike in one piece and byte by byte", () => {
    // biome-ignore format: a corpus
    const piece = fc.constantFrom(
      "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 No\r\n", "content-length: 3\r\n", "transfer-encoding: chunked\r\n", "\r\n",
      "\n", "\r", "a: b\r\n", " c\r\n", "3\r\n", "abc", "0\r\n", "HTTP/1.1 100 C\r\n\r\n", ":", "\0", "connection: close\r\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const bytes = latin1(pieces.join(""));
        const whole = parse([bytes]);
        const bytewise = parse([...bytes].map((byte) => Buffer.of(byte)));
        expect([bytewise.state === "broken", bytewise.rest]).toEqual([whole.state === "broken", whole.rest]);
        if (whole.state !== "broken") expect(bytewise).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
  });

  const ok = "HTTP/1.1 200 OK\r\n";
  it.each([
    ["a length twice", `${ok}content-length: 2\r\ncontent-length: 2\r\n\r\nab`],
    ["two lengths", `${ok}content-length: 2\r\ncontent-length: 1\r\n\r\nab`],
    ["a list of lengths", `${ok}content-length: 2, 2\r\n\r\nab`],
    ["a signed length", `${ok}content-length: +2\r\n\r\nab`],
    ["a negative length", `${ok}content-length: -2\r\n\r\nab`],
    ["a hexadecimal length", `${ok}content-length: 0x2\r\n\r\nab`],
    ["an empty length", `${ok}content-length:\r\n\r\nab`],
    ["a length beyond counting", `${ok}content-length: 99999999999999999999\r\n\r\nab`],
    ["a length and chunks", `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["chunks and a length", `${ok}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`],
    ["another coding", `${ok}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ["a coding that only looks like chunked", `${ok}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ["chunked twice", `${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a folded header", `${ok}a: b\r\n c\r\ncontent-length: 0\r\n\r\n`],
    ["a space before the colon", `${ok}content-length : 0\r\n\r\n`],
    ["a name with a space", `${ok}a b: c\r\ncontent-length: 0\r\n\r\n`],
    ["an empty name", `${ok}: c\r\ncontent-length: 0\r\n\r\n`],
    ["a line without a colon", `${ok}abc\r\ncontent-length: 0\r\n\r\n`],
    ["a NUL in a value", `${ok}a: b\0c\r\ncontent-length: 0\r\n\r\n`],
    ["a carriage return in a value", `${ok}a: b\rc\r\ncontent-length: 0\r\n\r\n`],
    ["bare line feeds", "HTTP/1.1 200 OK\na: b\n\n"],
    ["a bare line feed between headers", `${ok}a: b\ncontent-length: 0\r\n\r\n`],
    ["an upgrade nobody asked for", "HTTP/1.1 101 Switching\r\n\r\n"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["HTTP/2", "HTTP/2 200\r\n\r\n"],
    ["HTTP/0.9", "<html></html>\r\n\r\n"],
    ["no status", "HTTP/1.1 OK\r\n\r\n"],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["a status that is none", "HTTP/1.1 999 OK\r\n\r\n"],
    ["an empty line first", `\r\n${ok}content-length: 0\r\n\r\n`],
    ["64 KiB of headers", `${ok}a: ${"b".repeat(66_000)}\r\n\r\n`],
    [
      "64 KiB of interim responses",
      `${"HTTP/1.1 103 Early\r\na: b\r\n\r\n".repeat(3_000)}${ok}content-length: 0\r\n\r\n`,
    ],
    ["more headers than anybody sends", `${ok}${"a: b\r\n".repeat(300)}content-length: 0\r\n\r\n`],
    ["a chunk size that is none", `${ok}transfer-encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n`],
    ["an empty chunk size", `${ok}transfer-encoding: chunked\r\n\r\n\r\nab\r\n0\r\n\r\n`],
    ["a chunk size with a prefix", `${ok}transfer-encoding: chunked\r\n\r\n0x2\r\nab\r\n0\r\n\r\n`],
    ["a chunk size with a space", `${ok}transfer-encoding: chunked\r\n\r\n2 \r\nab\r\n0\r\n\r\n`],
    ["a chunk size beyond counting", `${ok}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n`],
    ["a chunk longer than its size", `${ok}transfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`],
    ["a chunk ended by a bare line feed", `${ok}transfer-encoding: chunked\r\n\r\n2\nab\n0\n\n`],
    ["a line feed in an extension", `${ok}transfer-encoding: chunked\r\n\r\n2;a\nb\r\nab\r\n0\r\n\r\n`],
    ["endless extensions", `${ok}transfer-encoding: chunked\r\n\r\n2;${"a".repeat(20_000)}\r\nab\r\n0\r\n\r\n`],
    ["a bad trailer", `${ok}transfer-encoding: chunked\r\n\r\n0\r\na b\r\n\r\n`],
    ["a folded trailer", `${ok}transfer-encoding: chunked\r\n\r\n0\r\na: b\r\n c\r\n\r\n`],
    ["endless trailers", `${ok}transfer-encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(4_000)}\r\n`],
  ])("with %s is broken, in one piece and byte by byte", (_, text) => {
    const bytes = latin1(text);
    expect(parse([bytes]).state).toBe("broken");
    expect(parse([...bytes].map((byte) => Buffer.of(byte))).state).toBe("broken");
  });

  it.each([
    ["to HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n", true],
    ["204", "HTTP/1.1 204 No Content\r\n\r\n", false],
    ["304", "HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n", false],
    ["of length 0", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false],
  ])("%s ends with its head", (_, text, isHeadRequest) => {
    expect(parse([latin1(`${text}rest`)], { isHeadRequest })).toMatchObject({ state: "whole", body: "", rest: "rest" });
  });

  it("says whether its connection may live on", () => {
    const persists = (head: string): boolean => parse([latin1(`${head}\r\ncontent-length: 0\r\n\r\n`)]).isPersistent;
    expect(persists("HTTP/1.1 200 OK")).toBe(true);
    expect(persists("HTTP/1.1 200 OK\r\nConnection: keep-alive")).toBe(true);
    expect(persists("HTTP/1.1 200 OK\r\nConnection: Close")).toBe(false);
    expect(persists("HTTP/1.1 200 OK\r\nconnection: x, close\r\nconnection: keep-alive")).toBe(false);
    expect(persists("HTTP/1.0 200 OK\r\nconnection: keep-alive")).toBe(false);
  });

  it("may have headers of any name", () => {
    const { headers } = parse([
      latin1(`${ok}__proto__: a\r\nconstructor: b\r\nset-cookie: c\r\nset-cookie: d\r\nx: 1\r\nX: 2\r\n\r\n`),
    ]);
    expect(Object.entries(headers)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["set-cookie", ["c", "d"]],
      ["x", "1, 2"],
    ]);
  });
});
