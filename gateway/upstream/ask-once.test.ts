import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AskFailed, askOnce } from "./ask-once.ts";
import { HttpUpstreamClient } from "./http-client.ts";
import type { UpstreamClient, UpstreamRequest, UpstreamSink } from "./sink.ts";

const asked = { url: "https://example.com/token?x=1", contentType: "text/plain", body: "hello" };
const NOTHING = { pause() {}, resume() {}, cancel() {} };

/** A client that answers as it is told, and remembers what was sent. */
class ScriptedClient implements UpstreamClient {
  sent: UpstreamRequest | null = null;
  private readonly answer: (sink: UpstreamSink) => void;

  constructor(answer: (sink: UpstreamSink) => void) {
    this.answer = answer;
  }

  send(request: UpstreamRequest, sink: UpstreamSink) {
    this.sent = request;
    this.answer(sink);
    return NOTHING;
  }
}

describe("one small request", () => {
  it("is posted to a public address with a bound on every wait, and its answer gathered", async () => {
    const client = new ScriptedClient((sink) => {
      sink.head(201, {});
      sink.data(Buffer.from("he"));
      sink.data(Buffer.from("re"));
      sink.end();
    });
    expect(await askOnce(client, asked, 1_000)).toEqual({ status: 201, body: Buffer.from("here") });
    expect(client.sent).toMatchObject({
      origin: "https://example.com",
      path: "/token?x=1",
      allowPrivateNetwork: false,
      body: Buffer.from("hello"),
      deadlineMs: 11_000,
    });
  });

  it("fails with what went wrong, also where the answer is too long", async () => {
    const reset = new ScriptedClient((sink) => sink.error("reset"));
    await expect(askOnce(reset, asked, 0)).rejects.toThrow("reset");
    const long = new ScriptedClient((sink) => {
      sink.head(200, {});
      for (let piece = 0; piece < 20; piece++) sink.data(Buffer.alloc(10_000));
      sink.end();
    });
    await expect(askOnce(long, asked, 0)).rejects.toBeInstanceOf(AskFailed);
  });
});

describe("through the node's own client", () => {
  let port = 0;
  const server = createServer((_request, response) => response.end("secret"));
  const client = new HttpUpstreamClient();
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(() => {
    client.close();
    server.close();
  });

  it.each(["127.0.0.1", "localhost", "169.254.169.254"])("no private address is asked: %s", async (host) => {
    const request = { ...asked, url: `http://${host}:${port}/` };
    await expect(askOnce(client, request, performance.now())).rejects.toThrow("address_not_allowed");
  });
});
