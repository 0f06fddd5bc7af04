import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";
import { until } from "#gateway/testing/fixtures.ts";

let matrix: DialectMatrix;
beforeAll(async () => {
  matrix = await DialectMatrix.start({ retry: { attempts: 1 }, timeouts: { idleMs: 300, firstByteMs: 5_000 } });
});
afterAll(() => matrix.stop());

/** What each kind of caller sends; `stream` decides between a whole answer and a streamed one. */
const CALLERS = {
  chat: (model: string, stream: boolean) => ({
    path: "/v1/chat/completions",
    body: { model, stream, messages: [{ role: "user", content: "Write 200 words" }] },
  }),
  responses: (model: string, stream: boolean) => ({
    path: "/v1/responses",
    body: { model, stream, input: "Write 200 words" },
  }),
  anthropic: (model: string, stream: boolean) => ({
    path: "/v1/messages",
    body: { model, stream, max_tokens: 1_000, messages: [{ role: "user", content: "Write 200 words" }] },
  }),
  gemini: (model: string, stream: boolean) => ({
    path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: { contents: [{ role: "user", parts: [{ text: "Write 200 words" }] }] },
  }),
} as const;
type Caller = keyof typeof CALLERS;

/** The pairs in which something is translated. */
const PAIRS = (Object.keys(CALLERS) as Caller[]).flatMap((caller) =>
  TARGETS.filter(({ route }) => !isSame(caller, route)).map(({ route }) => ({ caller, route })),
);

function isSame(caller: Caller, route: string): boolean {
  return route === `to-${caller}` || route === "to-openai" || (caller === "chat" && route === "to-chat");
}

function send(caller: Caller, route: string, fault: object, stream = false) {
  const { path, body } = CALLERS[caller](route, stream);
  return matrix.harness.send(path, JSON.stringify(body), {
    authorization: `Bearer ${matrix.harness.secret}`,
    "x-demo-fault": JSON.stringify(fault),
  });
}

/** Where each dialect has an error's code and message. */
function errorOf(caller: Caller, text: string): { code: unknown; message: unknown } {
  const value = JSON.parse(text);
  if (caller === "gemini") return { code: value.error.details[0].reason, message: value.error.message };
  if (caller === "anthropic")
    expect(value).toMatchObject({ type: "error", request_id: expect.stringMatching(/^req_/) });
  return { code: value.error.code, message: value.error.message };
}

function lastEvent(text: string): string {
  const events = text.trimEnd().split(/\r?\n\r?\n/);
  return events.at(-1) ?? "";
}

describe.each(PAIRS)("$caller $route", ({ caller, route }) => {
  it("hears an upstream's refusal in its own dialect", async () => {
    const answer = await send(caller, route, { status: 400 });
    expect(answer.status).toBe(400);
    const { code, message } = errorOf(caller, answer.text);
    expect(code).toBe("upstream_rejected");
    expect(String(message)).not.toBe("");
    const event = await matrix.harness.event(answer);
    expect(event).toMatchObject({ outcome: "error", errorCode: "upstream_rejected", status: 400 });
  });

  it("never hears of the credential", async () => {
    const answer = await send(caller, route, { echoCredential: true });
    expect(answer.status).toBe(502);
    expect(errorOf(caller, answer.text).code).toBe("upstream_error");
    expect(answer.text).not.toContain("sk-of-");
  });

  it("hears that an answer was no answer", async () => {
    const answer = await send(caller, route, { garbageSse: true });
    expect(answer.status).toBe(502);
    expect(errorOf(caller, answer.text).code).toBe("upstream_error");
    const event = await matrix.harness.event(answer);
    expect(event.decision.attempts[0]?.error).toBe("answer");
  });

  it.each([
    ["garbage", { garbageSse: true }],
    ["a reset", { resetAfterChunks: 5 }],
    ["silence", { stallAfterChunks: 5 }],
  ])("hears of %s in the middle of its stream, and then the end", async (_name, fault) => {
    const answer = await send(caller, route, fault, true);
    if (answer.status === 200) {
      const last = lastEvent(answer.text);
      expect(last).toMatch(/upstream_(error|timeout)/);
      expect(last.startsWith("event: error\n")).toBe(caller === "anthropic" || caller === "responses");
      expect(answer.isCut).toBe(false);
    } else expect(answer.status).toBe(502);
    const event = await matrix.harness.event(answer);
    expect(event.outcome).toBe("error");
  });
});

describe("a translated stream", () => {
  it("is cancelled at the upstream when the caller goes away, and metered", async () => {
    const { path, body } = CALLERS.chat("to-anthropic", true);
    const id = await new Promise<string>((resolve, reject) => {
      const outgoing = request(`${matrix.harness.origin}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${matrix.harness.secret}`,
          "x-demo-fault": JSON.stringify({ neverEnd: true, delayBetweenChunksMs: 5 }),
        },
      });
      outgoing.on("error", reject).on("response", (incoming) => {
        incoming.once("data", () => {
          resolve(String(incoming.headers["x-request-id"]));
          incoming.destroy();
        });
        incoming.on("error", () => {});
      });
      outgoing.end(JSON.stringify(body));
    });
    await until("the event arrives", () => matrix.harness.plane.events.some((event) => event.id === id));
    const event = matrix.harness.plane.events.find((each) => each.id === id);
    expect(event).toMatchObject({ status: 499, outcome: "cancelled" });
    expect(event?.usage.outputTokens).toBeGreaterThan(0);
    await until("the upstream hears of it", () => matrix.lastCall.finished === "cancelled");
  });

  it("holds the upstream back while the caller does not read", async () => {
    const { path, body } = CALLERS.chat("to-anthropic", true);
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(`${matrix.harness.origin}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${matrix.harness.secret}`,
          "x-demo-fault": JSON.stringify({ neverEnd: true }),
        },
      });
      outgoing.on("error", reject).on("response", resolve);
      outgoing.end(JSON.stringify(body));
    });
    incoming.on("error", () => {});
    // Nobody reads: once all buffers between are full, the node takes no more, and its memory stays where it is.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1_024 * 1_024);
    incoming.destroy();
    await until("the upstream hears of it", () => matrix.lastCall.finished === "cancelled");
  });

  it("counts what the upstream counted, and says in the decision what was translated", async () => {
    const answer = await matrix.harness.chat("to-gemini", { stream: true });
    const event = await matrix.harness.event(answer);
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(event.usage).toMatchObject({ inputTokens, outputTokens, source: "upstream" });
    expect(event.decision.stages).toContainEqual(
      expect.objectContaining({ stage: "translate", rule: "openai_chat to gemini" }),
    );
  });
});

describe("a route that drops what cannot be carried", () => {
  it("leaves it out, and names it in the decision", async () => {
    const dropping = await DialectMatrix.start({ onNotCarried: "drop" });
    try {
      const answer = await dropping.harness.chat("to-anthropic", { seed: 7, logit_bias: { "1": 1 } });
      expect(answer.status).toBe(200);
      const event = await dropping.harness.event(answer);
      const stage = event.decision.stages.find((each) => each.stage === "translate");
      expect(String(stage?.facts?.dropped).split(", ").toSorted()).toEqual(["logit_bias", "seed"]);
    } finally {
      await dropping.stop();
    }
  });
});

describe("a model of two vendors", () => {
  it("goes to the one that can carry the call", async () => {
    for (let call = 0; call < 4; call++) {
      const answer = await matrix.harness.chat("mixed", { logit_bias: { "1": 1 } });
      expect(answer.status).toBe(200);
      expect(answer.headers["x-turnpike-upstream"]).toBe("ups_openai");
      const { candidates, attempts } = (await matrix.harness.event(answer)).decision;
      expect(attempts).toHaveLength(1);
      const passedOver = candidates.find((each) => each.upstreamName === "ups_anthropic");
      expect(passedOver?.chosen).toBe(false);
    }
  });

  it("goes to the one that serves the action, and the decision says why not to the other", async () => {
    for (let call = 0; call < 2; call++) {
      const body = JSON.stringify({ model: "mixed", input: "Hello" });
      const answer = await matrix.harness.send("/v1/embeddings", body);
      expect(answer.status).toBe(200);
      const { candidates } = (await matrix.harness.event(answer)).decision;
      expect(candidates.map(({ upstreamName, reason }) => [upstreamName, reason])).toContainEqual([
        "ups_anthropic",
        "cannot serve embeddings",
      ]);
    }
  });
});
