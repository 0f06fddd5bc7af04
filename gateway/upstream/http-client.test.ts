import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestAuthority } from "#gateway/testing/certificates.ts";
import { until } from "#gateway/testing/fixtures.ts";
import { HttpUpstreamClient } from "./http-client.ts";
import type { UpstreamExchange, UpstreamRequest } from "./sink.ts";

/** A server of bytes: calls `answer` for every whole request, with the socket it came on and its text. */
class RawServer {
  readonly server: Server;
  readonly sockets: Socket[] = [];
  readonly requests: string[] = [];
  answer: (socket: Socket, request: string, place: number) => void = (socket) => {
    socket.write(reply("ok"));
  };

  constructor(server: Server = createServer(), isTls = false) {
    this.server = server;
    if (!isTls) server.on("connection", (socket) => this.take(socket));
  }

  take(socket: Socket): void {
    this.sockets.push(socket);
    let text = "";
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (;;) {
        const end = text.indexOf("\r\n\r\n");
        const length = Number(/content-length: (\d+)/.exec(text.slice(0, end))?.[1] ?? 0);
        if (end === -1 || text.length < end + 4 + length) return;
        const request = text.slice(0, end + 4 + length);
        text = text.slice(end + 4 + length);
        this.requests.push(request);
        this.answer(socket, request, this.requests.length);
      }
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  get port(): number {
    const address: AddressInfo | string | null = this.server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

const reply = (text: string, head = ""): string =>
  `HTTP/1.1 200 OK\r\n${head}content-length: ${text.length}\r\n\r\n${text}`;

interface Outcome {
  status: number;
  body: string;
  end: string;
}

let upstream: RawServer;
let client: HttpUpstreamClient;
beforeEach(async () => {
  upstream = new RawServer();
  await upstream.listen();
  client = new HttpUpstreamClient();
});
afterEach(async () => {
  client.close();
  await upstream.stop();
});

function requestOf(more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    origin: `http://127.0.0.1:${upstream.port}`,
    allowPrivateNetwork: true,
    path: "/v1/x",
    headers: ["x-name", "value"],
    body: Buffer.from("{}"),
    connectMs: 5_000,
    firstByteMs: 5_000,
    idleMs: 5_000,
    deadlineMs: performance.now() + 10_000,
    ...more,
  };
}

function send(
  more: Partial<UpstreamRequest> = {},
  control: (exchange: UpstreamExchange, event: "head" | "data") => void = () => {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { status: 0, body: "", end: "" };
    const over = (end: string): void => {
      // A second end would be seen here.
      outcome.end += end;
      setImmediate(() => resolve(outcome));
    };
    const exchange: UpstreamExchange = client.send(requestOf(more), {
      head: (status) => {
        outcome.status = status;
        control(exchange, "head");
      },
      data: (chunk) => {
        outcome.body += chunk.toString("latin1");
        control(exchange, "data");
      },
      end: () => over("end"),
      error: over,
    });
  });
}

describe("a request", () => {
  it("is written in one piece, with its own host and length", async () => {
    await send();
    expect(upstream.requests).toEqual([
      `POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1:${upstream.port}\r\nconnection: keep-alive\r\nx-name: value\r\ncontent-length: 2\r\n\r\n{}`,
    ]);
    await send({ method: "GET", body: Buffer.alloc(0), headers: [] });
    expect(upstream.requests[1]).toBe(
      `GET /v1/x HTTP/1.1\r\nhost: 127.0.0.1:${upstream.port}\r\nconnection: keep-alive\r\n\r\n`,
    );
    const long = "x".repeat(1_000_000);
    await send({ method: "PUT", body: Buffer.from(long) });
    expect(upstream.requests[2]?.endsWith(`content-length: 1000000\r\n\r\n${long}`)).toBe(true);
    await send({ body: Buffer.alloc(0) });
    expect(upstream.requests[3]).toContain("content-length: 0\r\n");
  });

  it.each([
    ["a line break in a value", { headers: ["a", "b\r\nc: d"] }],
    ["a line feed in a value", { headers: ["a", "b\nc: d"] }],
    ["a NUL in a value", { headers: ["a", "b\0"] }],
    ["characters beyond Latin-1", { headers: ["a", "€"] }],
    ["a line break in a name", { headers: ["a\r\nb", "c"] }],
    ["an empty name", { headers: ["", "c"] }],
    ["a length of its own", { headers: ["Content-Length", "0"] }],
    ["a transfer coding", { headers: ["transfer-encoding", "chunked"] }],
    ["another host", { headers: ["host", "x"] }],
    ["a space in its path", { path: "/a HTTP/1.1\r\n\r\nGET /b" }],
    ["a path that is an origin", { path: "http://x/" }],
    ["a method that is none", { method: "GET /\r\n" }],
    ["CONNECT", { method: "CONNECT" }],
  ])("with %s is not written", (_, more) => {
    expect(() => client.send(requestOf(more), { head() {}, data() {}, end() {}, error() {} })).toThrow(TypeError);
    expect(upstream.sockets).toHaveLength(0);
  });
});

describe("a connection", () => {
  it("is used again after a plain response, and only then", async () => {
    await send();
    await send();
    expect(upstream.sockets).toHaveLength(1);
    const once: [string, string][] = [
      ["says close", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok"],
      ["is about to be closed", reply("ok", "keep-alive: timeout=1\r\n")],
      ["HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok"],
      ["bytes behind the end", `${reply("ok")}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`],
    ];
    for (const [why, text] of once) {
      upstream.answer = (socket) => socket.write(text);
      expect(await send(), why).toEqual({ status: 200, body: "ok", end: "end" });
      const before = upstream.sockets.length;
      upstream.answer = (socket) => socket.write(reply("next"));
      expect((await send()).body, why).toBe("next");
      expect(upstream.sockets.length, why).toBe(before + 1);
    }
  });

  it("that speaks unasked is closed", async () => {
    await send();
    upstream.sockets[0]?.write(reply("evil"));
    await until("the connection is closed", () => upstream.sockets[0]?.destroyed === true);
    expect((await send()).body).toBe("ok");
    expect(upstream.sockets).toHaveLength(2);
  });

  it("that answers before it has read the request is not used again", async () => {
    const body = Buffer.alloc(30_000_000, 97);
    upstream.server.removeAllListeners("connection");
    upstream.server.on("connection", (socket) => {
      upstream.sockets.push(socket);
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.pause();
        socket.write(reply("early"));
      });
    });
    expect((await send({ body })).body).toBe("early");
    expect((await send()).body).toBe("early");
    expect(upstream.sockets).toHaveLength(2);
  });

  it("whose exchange was given up over the last bytes of its answer serves nobody else", async () => {
    upstream.answer = (socket) => socket.write(reply("ok"));
    let next: Promise<Outcome> | null = null;
    const first = await send({}, (exchange, event) => {
      if (event !== "data") return;
      exchange.cancel();
      process.nextTick(() => {
        next = send();
      });
    });
    expect(first.end).toBe("cancelled");
    await until("the next is sent", () => next !== null);
    expect(await next).toEqual({ status: 200, body: "ok", end: "end" });
    expect(upstream.sockets).toHaveLength(2);
  });

  it("is closed when it has been idle for four seconds", async () => {
    await send();
    await until("it is closed", () => upstream.sockets[0]?.destroyed === true, 5_500);
  });

  it("that was closed while idle is not noticed by a call: the request is sent anew, once", async () => {
    await send();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    upstream.answer = (socket, _, place) => {
      if (place === 2) socket.destroy();
      else socket.write(reply("anew"));
    };
    expect((await send()).body).toBe("anew");
    expect(upstream.requests).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    upstream.answer = (socket) => socket.destroy();
    expect((await send()).end).toBe("reset");
    expect(upstream.requests).toHaveLength(5);
  }, 15_000);

  it("that was closed while idle has no REST call sent twice that changes something", async () => {
    for (const [method, end] of [
      ["POST", "reset"],
      ["GET", "end"],
    ] as const) {
      upstream.answer = (socket) => socket.write(reply("ok"));
      await send();
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      let asked = 0;
      upstream.answer = (socket) => {
        asked += 1;
        if (asked === 1) socket.destroy();
        else socket.write(reply("ok"));
      };
      expect((await send({ method })).end, method).toBe(end);
    }
  });

  it("that breaks under a request is not tried again when it was busy a moment ago, or new, or had answered", async () => {
    await send();
    upstream.answer = (socket) => socket.destroy();
    expect((await send()).end).toBe("reset");
    expect(upstream.requests).toHaveLength(2);
    expect((await send()).end).toBe("reset");
    expect(upstream.requests).toHaveLength(3);
    upstream.answer = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab");
    expect(await send()).toEqual({ status: 200, body: "ab", end: "reset" });
    expect(upstream.requests).toHaveLength(4);
  });

  it("is waited for when there are as many as there may be", async () => {
    client.close();
    client = new HttpUpstreamClient({ connectionsMax: 2 });
    const held: Socket[] = [];
    upstream.answer = (socket) => held.push(socket);
    const calls = Array.from({ length: 5 }, () => send());
    const late = send({ connectMs: 100 });
    await until("two are under way", () => held.length === 2);
    expect((await late).end).toBe("timeout_connect");
    upstream.answer = (socket) => socket.write(reply("ok"));
    for (const socket of held) socket.write(reply("ok"));
    expect((await Promise.all(calls)).map(({ end }) => end)).toEqual(Array.from({ length: 5 }, () => "end"));
    expect(upstream.sockets).toHaveLength(2);
  });
});

describe("an exchange", () => {
  it.each([
    ["first byte", { firstByteMs: 60 }, "", "timeout_first_byte"],
    ["head", { firstByteMs: 60 }, "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200", "timeout_first_byte"],
    ["next byte", { idleMs: 60 }, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", "timeout_idle"],
    ["end", { deadlineMs: 0 }, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", "timeout_total"],
  ])("waits for the %s as long as it may", async (_, times, text, failure) => {
    upstream.answer = (socket) => socket.write(text);
    const deadline = "deadlineMs" in times ? { deadlineMs: performance.now() + 150 } : {};
    expect((await send({ ...times, ...deadline })).end).toBe(failure);
    await until("the connection is closed", () => upstream.sockets[0]?.destroyed === true);
  });

  it("that is cancelled closes its connection and is told so once", async () => {
    upstream.answer = (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab");
    expect((await send({}, (exchange, event) => event === "data" && exchange.cancel())).end).toBe("cancelled");
    await until("the connection is closed", () => upstream.sockets[0]?.destroyed === true);
  });

  it("that is paused holds the upstream back, is not idle meanwhile, and leaves a connection that can be used", async () => {
    let isPaused = false;
    const body = "x".repeat(20_000_000);
    upstream.answer = (socket, _, place) => socket.write(reply(place === 1 ? body : "second"));
    const [first] = await Promise.all([
      send({ idleMs: 100 }, (exchange, event) => {
        if (event !== "data" || isPaused) return;
        isPaused = true;
        exchange.pause();
        setTimeout(() => exchange.resume(), 300);
      }),
      (async () => {
        await until("it is paused", () => isPaused);
        await new Promise((resolve) => setTimeout(resolve, 150));
        expect(upstream.sockets[0]?.writableLength).toBeGreaterThan(1_000_000);
      })(),
    ]);
    expect(first.body.length).toBe(body.length);
    // Paused at the very last byte: the connection goes on reading for the next one.
    upstream.answer = (socket) => socket.write(reply("third"));
    await send({}, (exchange, event) => event === "data" && exchange.pause());
    expect((await send()).body).toBe("third");
    expect(upstream.sockets).toHaveLength(1);
  });

  it("fails when the client closes, and nothing is opened anew", async () => {
    upstream.answer = () => client.close();
    expect((await send()).end).toBe("reset");
    expect(upstream.sockets).toHaveLength(1);
  });

  it("that cannot connect fails by that name", async () => {
    expect((await send({ origin: "http://127.0.0.1:1" })).end).toBe("connect");
    expect((await send({ origin: "http://no-such-host.invalid" })).end).toBe("connect");
  });

  it("never hears the answer to another, however answers are cut and connections end", async () => {
    const step = fc.record({
      framing: fc.constantFrom("length", "chunked", "close", "extra", "break"),
      cuts: fc.array(fc.nat(300), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
        upstream.answer = (socket, request) => {
          const call = Number(/x-call: (\d+)/.exec(request)?.[1]);
          const { framing, cuts } = steps[call] ?? { framing: "length", cuts: [] };
          const text = `answer ${call} `.repeat(20);
          const head = "HTTP/1.1 200 OK\r\n";
          const bytes = {
            length: reply(text),
            chunked: `${head}transfer-encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
            close: `${head}\r\n${text}`,
            extra: `${reply(text)}${reply("evil")}`,
            break: reply(text).slice(0, -10),
          }[framing];
          let at = 0;
          for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
            socket.write(bytes.slice(at, cut), "latin1");
            at = Math.max(at, cut);
          }
          if (framing === "close" || framing === "break") socket.end();
        };
        const answers = await Promise.all(steps.map((_, call) => send({ headers: ["x-call", String(call)] })));
        for (const [call, { framing }] of steps.entries()) {
          const text = `answer ${call} `.repeat(20);
          const expected = framing === "break" ? [text.slice(0, -10), "reset"] : [text, "end"];
          expect([answers[call]?.body, answers[call]?.end]).toEqual(expected);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("over TLS", () => {
  let authority: TestAuthority;
  const seen: { servername: unknown; protocol: unknown; isReused: boolean }[] = [];
  let secure: RawServer;

  beforeEach(async () => {
    seen.length = 0;
    authority = await TestAuthority.make();
    const served = await authority.certify("localhost", { isNameOnly: true });
    const server = createTlsServer({ ...served, ALPNProtocols: ["h2", "http/1.1"] });
    server.on("secureConnection", (socket) => {
      seen.push({ servername: socket.servername, protocol: socket.alpnProtocol, isReused: socket.isSessionReused() });
      secure.take(socket);
    });
    secure = new RawServer(server, true);
    await secure.listen();
  });
  afterEach(() => secure.stop());

  it("names the server, asks for HTTP/1.1, verifies the certificate, and takes a session up again", async () => {
    client = new HttpUpstreamClient({ ca: authority.cert });
    secure.answer = (socket) => socket.write(reply("ok", "connection: close\r\n"));
    const origin = `https://localhost:${secure.port}`;
    expect((await send({ origin })).body).toBe("ok");
    expect((await send({ origin })).body).toBe("ok");
    expect(seen).toEqual([
      { servername: "localhost", protocol: "http/1.1", isReused: false },
      { servername: "localhost", protocol: "http/1.1", isReused: true },
    ]);
    expect((await send({ origin: `https://127.0.0.1:${secure.port}` })).end).toBe("connect");
  });

  it("does not speak to a server whose certificate nobody vouches for", async () => {
    expect((await send({ origin: `https://localhost:${secure.port}` })).end).toBe("connect");
    expect(secure.requests).toHaveLength(0);
  });
});
