import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Harness } from "#gateway/testing/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

/** Writes raw bytes and returns the status of every answer on that connection until it closes or falls silent. */
function raw(port: number, bytes: string, silentMs = 250): Promise<number[]> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(bytes, "latin1")));
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]))));
  });
}

const BODY = '{"model":"smart"}';
const post = (headers: string[], body = BODY): string =>
  [`POST /v1/chat/completions HTTP/1.1`, "host: x", `x-api-key: ${harness.secret}`, ...headers, "", body].join("\r\n");
const smuggled = "GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n";

describe("what is not well-formed HTTP", () => {
  const cases: Record<string, () => string> = {
    "content-length and chunked": () =>
      post(["content-length: 6", "transfer-encoding: chunked"], `0\r\n\r\n${smuggled}`),
    "chunked and content-length": () =>
      post(["transfer-encoding: chunked", "content-length: 6"], `0\r\n\r\n${smuggled}`),
    "two lengths": () => post(["content-length: 17", "content-length: 3"]),
    "a list of lengths": () => post(["content-length: 17, 17"]),
    "a signed length": () => post(["content-length: +17"]),
    "a negative length": () => post(["content-length: -1"]),
    "an unknown transfer coding": () => post(["transfer-encoding: xchunked"], `0\r\n\r\n${smuggled}`),
    "chunked not last": () => post(["transfer-encoding: chunked, identity"], `0\r\n\r\n${smuggled}`),
    "two transfer codings": () => post(["transfer-encoding: chunked", "transfer-encoding: x"], `0\r\n\r\n${smuggled}`),
    "a space before the colon": () => post(["content-length : 17"]),
    "a folded header": () => post(["x-a: b", " c: d", "content-length: 17"]),
    "a bare line feed": () => post(["content-length: 17"]).replaceAll("\r\n", "\n"),
    "a NUL in a header": () => post(["x-a: b\0c", "content-length: 17"]),
    "a carriage return in a header": () => post(["x-a: b\rc", "content-length: 17"]),
    "a chunk that is too long to be": () => post(["transfer-encoding: chunked"], "fffffffffffffffff\r\n"),
    "a chunk size that is none": () => post(["transfer-encoding: chunked"], "0x11\r\n"),
    "no host": () => "GET /v1/models HTTP/1.1\r\n\r\n",
    "two hosts": () => post(["host: y", "content-length: 17"]),
    "64 KiB of header": () => post([`x-a: ${"b".repeat(65_536)}`, "content-length: 17"]),
    "a line that is no request": () => "\x16\x03\x01\x02\x00\x01\r\n\r\n",
    "a method that is none": () => post([]).replace("POST", "PO ST"),
    "another protocol": () => "GET / RTSP/1.0\r\n\r\n",
  };

  it.each(Object.keys(cases))("with %s is refused or cut off, and reaches no upstream", async (name) => {
    const before = harness.first.received.length;
    const statuses = await raw(harness.node.port, cases[name]?.() ?? "");
    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(harness.first.received.length).toBe(before);
  });

  it("leaves the node as it was", async () => {
    expect((await harness.chat("smart")).status).toBe(200);
  });
});

describe("well-formed HTTP", () => {
  it("pipelined is answered in order, one upstream request each", async () => {
    const before = harness.first.received.length;
    const one = post([`content-length: ${BODY.length}`]);
    expect(await raw(harness.node.port, one + one + smuggled)).toEqual([200, 200, 401]);
    expect(harness.first.received.length).toBe(before + 2);
  });

  it("in chunks, or after 100-continue, is taken", async () => {
    const chunked = post(["transfer-encoding: chunked"], `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`);
    expect(await raw(harness.node.port, chunked)).toEqual([200]);
    const waiting = post([`content-length: ${BODY.length}`, "expect: 100-continue"]);
    expect(await raw(harness.node.port, waiting)).toEqual([100, 200]);
  });

  it("with an upgrade or an absolute target is nothing but a request", async () => {
    const upgrade = post(["connection: upgrade", "upgrade: websocket", `content-length: ${BODY.length}`]);
    expect(await raw(harness.node.port, upgrade)).toEqual([200]);
    expect(await raw(harness.node.port, "GET http://169.254.169.254/latest HTTP/1.1\r\nhost: x\r\n\r\n")).toEqual([
      404,
    ]);
    expect(await raw(harness.node.port, "CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n")).toEqual([]);
  });
});

describe("the status port", () => {
  it("says alive, ready, and how much; and takes no other method or path", async () => {
    const origin = `http://127.0.0.1:${harness.node.statusPort}`;
    await harness.chat("smart");
    await harness.chat(`nowhere-${harness.secret}`);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text).toMatch(/turnpike_calls_total\{route="smart",outcome="ok",code=""\} \d+/);
    expect(text).toMatch(/turnpike_revision 1\n/);
    expect(text).not.toContain(harness.secret);
    expect(text).not.toContain("nowhere");
    expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${origin}/nothing`)).status).toBe(404);
  });
});
