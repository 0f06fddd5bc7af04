import { request } from "node:http";
import { createServer } from "node:net";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { completion, status, streamEvent } from "#gateway/testing/upstream.ts";

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(() => {
  for (const each of [harness.first, harness.second]) {
    each.answer = completion;
    each.received.length = 0;
    each.cancelled = 0;
  }
});

const served = (): [number, number] => [harness.first.received.length, harness.second.received.length];
const code = (text: string): unknown => JSON.parse(text).error.code;

function fail(): never {
  throw new Error("no call was retried");
}

describe("targets", () => {
  it("take turns", async () => {
    for (let call = 0; call < 6; call++) await harness.chat("pair");
    expect(served()).toEqual([3, 3]);
  });

  it("are chosen by weight, and the choice survives a new revision", async () => {
    const weighted = route("pair", [
      version([target("ups_1", { weight: 3 }), target("ups_2", { weight: 1 })], { strategy: "weighted" }),
    ]);
    const document = harness.document({ routes: [weighted] });
    await harness.publish(document);
    for (let call = 0; call < 8; call++) {
      await harness.chat("pair");
      if (call === 1) await harness.publish(document);
    }
    expect(served()).toEqual([6, 2]);
    await harness.publish(harness.document());
  });
});

describe("retries", () => {
  it.each([500, 502, 503, 429])("go to the other target after a %i", async (bad) => {
    harness.first.answer = status(bad);
    const answers = [await harness.chat("pair"), await harness.chat("pair")];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(answers.map((answer) => answer.headers["x-turnpike-upstream"])).toEqual(["ups_2", "ups_2"]);
    expect(answers.map((answer) => answer.headers["x-turnpike-attempts"]).sort()).toEqual(["1", "2"]);
    const retried = answers.find((answer) => answer.headers["x-turnpike-attempts"] === "2");
    const event = await harness.event(retried ?? fail());
    expect(event.decision.attempts.map(({ status: code, error }) => [code, error])).toEqual([
      [bad, "status"],
      [200, null],
    ]);
    expect(event.upstreamId).toBe("ups_2");
  });

  it("go to the other target when the first cannot be reached, or hangs up", async () => {
    const gone = harness.document();
    await harness.publish({
      ...gone,
      upstreams: [upstream("ups_1", "http://127.0.0.1:1/v1"), ...gone.upstreams.slice(1)],
    });
    for (let call = 0; call < 2; call++) expect((await harness.chat("pair")).status).toBe(200);
    await harness.publish(harness.document());
    harness.first.answer = (response) => {
      response.destroy();
    };
    for (let call = 0; call < 2; call++) expect((await harness.chat("pair")).status).toBe(200);
    expect(harness.first.received.length).toBe(1);
  });

  it("are none for what the caller did wrong, and stop at the version's attempts", async () => {
    harness.first.answer = status(400);
    harness.second.answer = status(400);
    expect((await harness.chat("pair")).status).toBe(400);
    expect(served()[0] + served()[1]).toBe(1);
    harness.first.answer = status(500);
    harness.second.answer = status(500);
    const answer = await harness.chat("pair");
    expect(answer.headers["x-turnpike-attempts"]).toBe("3");
    expect(served()[0] + served()[1]).toBe(4);
  });

  it("are kept to a fifth of the calls, and ten a second", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    harness.first.answer = status(500);
    harness.second.answer = status(500);
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 60 }, () => harness.chat("pair")));
    const seconds = (performance.now() - startedMs) / 1_000;
    const retries = served()[0] + served()[1] - 60;
    expect(retries).toBeGreaterThanOrEqual(10);
    // The credit of earlier calls in this file is below 30.
    expect(retries).toBeLessThanOrEqual(10 + 10 * seconds + 12 + 30);
  });
});

describe("an upstream that fails", () => {
  it.each<[number, number, string]>([
    [500, 502, "upstream_error"],
    [503, 502, "upstream_error"],
    [401, 502, "upstream_error"],
    [403, 502, "upstream_error"],
    [302, 502, "upstream_error"],
    [429, 429, "rate_limit_exceeded"],
  ])("with %i gets the caller a %i %s, and none of its words", async (bad, seen, expected) => {
    harness.first.answer = status(bad, '{"error":"key sk-first-secret-of-the-upstream is wrong"}', {
      "retry-after": "7",
      location: `${harness.second.url}/elsewhere`,
    });
    const answer = await harness.chat("smart");
    expect([answer.status, code(answer.text)]).toEqual([seen, expected]);
    expect(answer.text).not.toContain("sk-first");
    if (bad === 429) expect(answer.headers).toMatchObject({ "retry-after": "7", "retry-after-ms": "7000" });
    else if (bad !== 302) expect(answer.text).toContain(String(bad));
    expect(harness.second.received.length).toBe(0);
    expect(await harness.event(answer)).toMatchObject({ outcome: "error", status: seen, errorCode: expected });
  });

  it("with a 400 that speaks of the credential is not handed on", async () => {
    harness.first.answer = status(400, '{"error":"sk-first-secret-of-the-upstream"}');
    const answer = await harness.chat("smart");
    expect([answer.status, code(answer.text)]).toEqual([502, "upstream_error"]);
  });

  it.each<[string, Parameters<typeof version>[1], string]>([
    ["first byte", { timeouts: { firstByteMs: 80 } }, "timeout_first_byte"],
    ["total", { timeouts: { totalMs: 80 } }, "timeout_total"],
  ])("by its %s time ends in 504", async (_, more, failure) => {
    harness.first.answer = () => {};
    await harness.publish(
      harness.document({ routes: [route("smart", [version([target("ups_1")], { ...more, retry: { attempts: 1 } })])] }),
    );
    const startedMs = performance.now();
    const answer = await harness.chat("smart");
    expect([answer.status, code(answer.text)]).toEqual([504, "upstream_timeout"]);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect((await harness.event(answer)).decision.attempts[0]?.error).toBe(failure);
    await until("the upstream is told", () => harness.first.cancelled === 1);
  });

  it("by not accepting a connection in time ends in 504", async () => {
    const full = createServer();
    await new Promise<void>((resolve) => full.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, resolve));
    const address = full.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const base = harness.document();
    const tls = upstream("ups_1", `https://127.0.0.1:${port}/v1`);
    const strict = version([target("ups_1")], { timeouts: { connectMs: 100 }, retry: { attempts: 1 } });
    await harness.publish({
      ...base,
      upstreams: [tls, ...base.upstreams.slice(1)],
      routes: [route("smart", [strict])],
    });
    const answer = await harness.chat("smart");
    expect([answer.status, code(answer.text)]).toEqual([504, "upstream_timeout"]);
    full.close();
    await harness.publish(harness.document());
  });

  it.each<[string, number]>([
    ["breaks off", 0],
    ["falls silent", 100],
  ])("and %s in a stream ends it with an error event that the SDK throws", async (_, idleMs) => {
    const timeouts = idleMs === 0 ? {} : { idleMs };
    await harness.publish(harness.document({ routes: [route("smart", [version([target("ups_1")], { timeouts })])] }));
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`${streamEvent("Hel")}${streamEvent("lo").slice(0, 20)}`);
      if (idleMs === 0) setTimeout(() => response.destroy(), 20);
    };
    const openai = new OpenAI({ apiKey: harness.secret, baseURL: `${harness.origin}/v1`, maxRetries: 0 });
    const chunks = await openai.chat.completions.create({ model: "smart", messages: [], stream: true });
    const seen: (string | null | undefined)[] = [];
    const reading = (async () => {
      for await (const chunk of chunks) seen.push(chunk.choices[0]?.delta.content);
    })();
    await expect(reading).rejects.toThrow(idleMs === 0 ? /broke off/ : /stopped answering/);
    expect(seen).toEqual(["Hel"]);
    expect(harness.first.received.length).toBe(1);
    await until("the event has come", () =>
      harness.plane.events.some(
        (event) => event.errorCode === (idleMs === 0 ? "upstream_error" : "upstream_timeout") && event.stream,
      ),
    );
    await harness.publish(harness.document());
  });

  it("and breaks off a long answer has the caller's connection cut", async () => {
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(Buffer.alloc(2_000_000, 0x20));
      setTimeout(() => response.destroy(), 50);
    };
    expect((await harness.chat("smart")).isCut).toBe(true);
  });

  it("and breaks off a short answer gets the caller a 502, with no second attempt", async () => {
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"choices":');
      setTimeout(() => response.destroy(), 20);
    };
    const answer = await harness.chat("pair");
    const again = await harness.chat("pair");
    const failed = [answer, again].filter((each) => each.status === 502);
    expect(failed.map((each) => code(each.text))).toEqual(["upstream_error"]);
    expect(served()).toEqual([1, 1]);
  });
});

describe("a caller who goes away", () => {
  async function leaveDuring(body: Record<string, unknown>, isAsked: () => boolean): Promise<void> {
    const outgoing = request(`${harness.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${harness.secret}` },
      agent: false,
    });
    outgoing.on("error", () => {});
    outgoing.end(JSON.stringify({ model: "smart", messages: [{ role: "user", content: "x".repeat(40) }], ...body }));
    await until("the upstream is asked", isAsked);
    outgoing.destroy();
  }
  const lastCancelled = () => harness.plane.events.findLast((event) => event.outcome === "cancelled");

  it("before the answer has the upstream cancelled, and is metered as 499", async () => {
    harness.first.answer = () => {};
    await leaveDuring({}, () => harness.first.received.length === 1);
    await until("the upstream is told", () => harness.first.cancelled === 1);
    await until("the event comes", () => lastCancelled() !== undefined);
    expect(lastCancelled()).toMatchObject({
      status: 499,
      errorCode: "client_closed_request",
      usage: { source: "estimate" },
    });
    expect(lastCancelled()?.usage.inputTokens).toBeGreaterThan(10);
  });

  it("in the middle of a stream is charged for what was generated, as an estimate", async () => {
    let written = 0;
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const timer = setInterval(() => {
        response.write(streamEvent("four"));
        written += 1;
      }, 5);
      response.on("close", () => clearInterval(timer));
    };
    const before = harness.plane.events.length;
    await leaveDuring({ stream: true }, () => written >= 5);
    await until("the upstream is told", () => harness.first.cancelled === 1);
    await until("the event comes", () => harness.plane.events.slice(before).some((event) => event.stream));
    const event = harness.plane.events.slice(before).find((each) => each.stream);
    expect(event).toMatchObject({ outcome: "cancelled", status: 499, usage: { source: "estimate" } });
    expect(event?.usage.outputTokens).toBeGreaterThanOrEqual(4);
    expect(event?.usage.outputTokens).toBeLessThanOrEqual(written);
    expect(event?.costNanos).not.toBe("0");
  });

  it("who reads slowly holds the upstream back instead of filling memory", async () => {
    let isHeldBack = false;
    harness.first.answer = async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let chunk = 0; chunk < 4_000 && !isHeldBack; chunk++) {
        isHeldBack = !response.write(streamEvent("y".repeat(16_000)));
        if (isHeldBack)
          await Promise.race([
            new Promise((resolve) => response.once("drain", resolve)),
            new Promise((resolve) => setTimeout(resolve, 300)),
          ]).then(() => {
            isHeldBack = response.writableNeedDrain;
          });
      }
    };
    const outgoing = request(`${harness.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${harness.secret}` },
      agent: false,
    });
    outgoing.on("response", (incoming) => incoming.pause());
    outgoing.on("error", () => {});
    outgoing.end(JSON.stringify({ model: "smart", messages: [], stream: true }));
    await until("the upstream is held back", () => isHeldBack, 8_000);
    outgoing.destroy();
    await until("the upstream is told", () => harness.first.cancelled === 1);
  }, 15_000);
});

describe("headers", () => {
  it("of the caller that are the gateway's, the connection's or secret never reach an upstream", async () => {
    await harness.send("/v1/chat/completions", JSON.stringify({ model: "smart", messages: [] }), {
      "x-api-key": harness.secret,
      connection: "keep-alive, x-hop, x-custom-hop",
      "x-hop": "1",
      "x-custom-hop": "1",
      te: "trailers",
      cookie: "session=1",
      "x-turnpike-consumer": "admin",
      "x-forwarded-for": "1.2.3.4",
      forwarded: "for=1.2.3.4",
      "x-real-ip": "1.2.3.4",
      "x-request-id": "mine",
      "proxy-authorization": "Basic x",
      "x-auth-token": "secret",
      "openai-organization": "org-1",
      "accept-encoding": "gzip",
      "openai-beta": "assistants=v2",
      "x-stainless-lang": "js",
      "user-agent": "test/1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    const seen = harness.first.received[0]?.headers ?? {};
    const gone = [
      "x-api-key",
      "x-hop",
      "x-custom-hop",
      "te",
      "cookie",
      "x-turnpike-consumer",
      "x-forwarded-for",
      "forwarded",
    ];
    for (const name of [...gone, "x-real-ip", "proxy-authorization", "x-auth-token", "openai-organization"]) {
      expect(seen[name], name).toBeUndefined();
    }
    expect(seen).toMatchObject({
      authorization: "Bearer sk-first-secret-of-the-upstream",
      "accept-encoding": "identity",
      "content-type": "application/json",
      "openai-beta": "assistants=v2",
      "x-stainless-lang": "js",
      "user-agent": "test/1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    expect(seen["x-request-id"]).toMatch(/^req_/);
    expect(JSON.stringify(seen)).not.toContain(harness.secret);
  });

  it("of the upstream that are its own or secret never reach the caller", async () => {
    harness.first.answer = (response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "set-cookie": ["a=1", "b=2"],
        server: "vendor",
        "x-powered-by": "vendor",
        "openai-organization": "org-secret",
        "x-request-id": "theirs",
        "x-turnpike-route": "forged",
        "x-ratelimit-remaining-requests": "9999",
        "x-echo": "Bearer sk-first-secret-of-the-upstream",
        "cf-ray": "1",
        "openai-processing-ms": "12",
      });
      response.end("{}");
    };
    const { headers } = await harness.chat("smart");
    for (const name of [
      "set-cookie",
      "server",
      "x-powered-by",
      "openai-organization",
      "x-ratelimit-remaining-requests",
      "x-echo",
      "cf-ray",
    ]) {
      expect(headers[name], name).toBeUndefined();
    }
    expect(headers).toMatchObject({ "x-turnpike-route": "smart@1.0.0", "openai-processing-ms": "12" });
    expect(headers["x-request-id"]).toMatch(/^req_/);
    expect(JSON.stringify(headers)).not.toContain("sk-first");
  });
});
