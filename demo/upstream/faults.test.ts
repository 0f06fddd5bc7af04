import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Faults, NO_FAULT } from "./faults.ts";
import type { JsonObject } from "./json.ts";
import type { LedgerEntry } from "./ledger.ts";
import { sseData, startTestClient, type TestClient } from "./test-client.ts";

let client: TestClient;

beforeEach(async () => {
  client = await startTestClient();
});
afterEach(() => client.upstream.close());

/** Waits until the ledger holds `count` entries and returns the last of them. */
function settled(count = 1): Promise<LedgerEntry> {
  return vi.waitFor(() => {
    const entry = client.upstream.ledger.page(0, 10_000).entries[count - 1];
    if (entry === undefined) throw new Error(`The ledger does not hold ${count} entries`);
    return entry;
  });
}

/** Reads until the stream breaks; the words received by then. */
async function readWords(
  response: Response,
  wordsMax = Number.POSITIVE_INFINITY,
): Promise<{ words: number; broke: boolean; text: string }> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  const words = () => text.split('"content":"').length - 2;
  try {
    while (words() < wordsMax) {
      const step = await reader?.read();
      if (step === undefined || step.done) return { words: words(), broke: false, text };
      text += decoder.decode(step.value, { stream: true });
    }
    await reader?.cancel();
  } catch {
    return { words: words(), broke: true, text };
  }
  return { words: words(), broke: false, text };
}

const failed = (promise: Promise<unknown>) => promise.then(() => false).catch(() => true);

describe("effects by header", () => {
  it("delays the first byte", async () => {
    const startedMs = performance.now();
    await (await client.chat({}, { delayFirstByteMs: 120 })).text();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(115);
    expect(await settled()).toMatchObject({ faulted: true, finished: "complete" });
  });

  it("paces the chunks of a stream", async () => {
    const startedMs = performance.now();
    const { broke } = await readWords(
      await client.chat({ stream: true, max_tokens: 20 }, { delayBetweenChunksMs: 15 }),
    );
    expect(broke).toBe(false);
    expect(performance.now() - startedMs).toBeGreaterThan(100);
  });

  it("answers a status, with the dialect's body or its own, and retry-after", async () => {
    const own = await client.chat({}, { status: 503, retryAfter: 7 });
    expect([own.status, own.headers.get("retry-after")]).toEqual([503, "7"]);
    expect(await own.json()).toMatchObject({ error: { type: "server_error" } });
    const custom = await client.chat({}, { status: 418, body: { kettle: true } });
    expect(await custom.json()).toEqual({ kettle: true });
    const plain = await client.chat({}, { status: 502, body: "<html>Bad Gateway</html>" });
    expect(await plain.text()).toBe("<html>Bad Gateway</html>");
    expect(await settled(3)).toMatchObject({ status: 502, finished: "failed", inputTokens: 0, outputTokens: 0 });
  });

  it.each([true, false])("resets before any byte (stream: %s)", async (stream) => {
    expect(await failed(client.chat({ stream }, { resetAfterChunks: 0 }))).toBe(true);
    expect(await settled()).toMatchObject({ finished: "reset", status: 0, outputTokens: 0 });
  });

  it("resets after the given chunks, billing exactly those", async () => {
    const { words, broke, text } = await readWords(await client.chat({ stream: true }, { resetAfterChunks: 3 }));
    expect({ words, broke }).toEqual({ words: 3, broke: true });
    const sent = sseData(text).map((event) => JSON.stringify(event).match(/"content":"([^"]*)"/)?.[1] ?? "");
    expect(await settled()).toMatchObject({ finished: "reset", outputTokens: Math.ceil(sent.join("").length / 4) });
  });

  it("resets a stream shorter than that before its end marker", async () => {
    const { broke, text } = await readWords(await client.chat({ stream: true }, { resetAfterChunks: 10_000 }));
    expect(broke).toBe(true);
    expect(text).not.toContain("[DONE]");
  });

  it("cuts a unary body by reset", async () => {
    const response = await client.chat({}, { resetAfterChunks: 1 });
    expect(await failed(response.text())).toBe(true);
    expect((await settled()).finished).toBe("reset");
  });

  it.each([
    [{ stream: true }, { stallAfterChunks: 2 }],
    [{ stream: true }, { stallAfterChunks: 0 }],
    [{}, { stallAfterChunks: 0 }],
    [{}, { stallAfterChunks: 1 }],
    [{}, { neverEnd: true }],
  ])("stalls %o with %o until the client leaves", async (body, effect) => {
    const abort = AbortSignal.timeout(150);
    const call = client.chat(body, effect, abort).then((response) => response.text());
    expect(await failed(call)).toBe(true);
    expect(abort.aborted).toBe(true);
    const isSilent = "stallAfterChunks" in effect && effect.stallAfterChunks === 0;
    expect(await settled()).toMatchObject({ finished: "cancelled", status: isSilent ? 499 : 200 });
    expect(client.upstream.ledger.inFlight).toBe(0);
  });

  it("streams garbage behind the first chunk", async () => {
    const bytes = Buffer.from(await (await client.chat({ stream: true }, { garbageSse: true })).arrayBuffer());
    expect(() => sseData(bytes.toString())).toThrow();
    expect(bytes.includes(0xff)).toBe(true);
    expect(bytes.toString()).toContain("[DONE]");
    const unary = await client.chat({}, { garbageSse: true });
    expect(await failed(unary.json())).toBe(true);
  });

  it("never ends, whatever max_tokens says, and counts until the client leaves", async () => {
    const effect = { neverEnd: true, delayBetweenChunksMs: 1 };
    const { words } = await readWords(await client.chat({ stream: true, max_tokens: 2 }, effect), 30);
    expect(words).toBeGreaterThanOrEqual(30);
    const entry = await settled();
    expect(entry.finished).toBe("cancelled");
    expect(entry.outputTokens).toBeGreaterThanOrEqual(30 * 4);
  });

  it("ignores max_tokens and still tells the truth", async () => {
    const { usage, choices } = await (await client.chat({ max_tokens: 2 }, { ignoreMaxTokens: true })).json();
    expect(choices[0].message.content.split(" ")).toHaveLength(50);
    expect(usage.completion_tokens).toBeGreaterThan(2);
    expect((await settled()).outputTokens).toBe(usage.completion_tokens);
  });

  it("omits usage from the answer, not from the ledger", async () => {
    const unary = await (await client.chat({}, { omitUsage: true })).json();
    expect(unary).not.toHaveProperty("usage");
    const asked = { stream: true, stream_options: { include_usage: true } };
    const streamed = await (await client.chat(asked, { omitUsage: true })).text();
    expect(streamed).not.toContain("usage");
    expect((await settled(2)).outputTokens).toBeGreaterThan(0);
  });

  it("echoes the credential only when told to", async () => {
    const response = await client.chat({}, { echoCredential: true });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain("test-key");
    expect(JSON.stringify(await settled())).not.toContain("test-key");
  });

  it("adds response headers", async () => {
    const response = await client.chat({}, { responseHeaders: { "set-cookie": "leak=1" } });
    expect(response.headers.get("set-cookie")).toBe("leak=1");
  });

  it.each(['{"status":200}', '{"unknown":1}', "[]", "{"])("refuses the header %s", async (header) => {
    const body = { model: "m", messages: [{ role: "user", content: "x" }] };
    expect((await client.post("/v1/chat/completions", body, { "x-demo-fault": header })).status).toBe(400);
  });
});

describe("model names", () => {
  it("demo-fail fails, demo-flaky fails every other time, demo-slow is slow", async () => {
    expect((await client.chat({ model: "demo-fail" })).status).toBe(500);
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await client.chat({ model: "demo-flaky" })).status);
    expect(statuses).toEqual([503, 200, 503, 200]);
    const startedMs = performance.now();
    await (await client.chat({ model: "demo-slow" })).text();
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(295);
  });
});

describe("rules", () => {
  const rule = (match: JsonObject, effect: JsonObject = { status: 500 }) => ({ match, effect });
  const hits = (faults: Faults, model: string, calls: number) =>
    Array.from({ length: calls }, () => (faults.resolve(model, "openai") === NO_FAULT ? "-" : "x")).join("");

  it("match by model and dialect, every nth, and so many times", () => {
    const faults = new Faults();
    expect(faults.set([rule({ model: "a", everyNth: 3, times: 2 })])).toBeUndefined();
    expect(hits(faults, "b", 3)).toBe("---");
    expect(hits(faults, "a", 10)).toBe("--x--x----");
    expect(faults.list()[0]).toMatchObject({ matched: 6, applied: 2 });
    faults.set([rule({ dialect: "gemini" })]);
    expect(faults.resolve("a", "openai")).toBe(NO_FAULT);
    expect(faults.resolve("a", "gemini")).toEqual({ status: 500 });
  });

  it("draw the same calls again for the same seed", () => {
    const faults = new Faults();
    const draw = (seed: number) => {
      faults.set([rule({ probability: 0.5, seed })]);
      return hits(faults, "a", 64);
    };
    const first = draw(1);
    expect(draw(1)).toBe(first);
    expect(draw(2)).not.toBe(first);
    expect(first.split("x").length).toBeGreaterThan(15);
    expect(first.split("x").length).toBeLessThan(50);
  });

  it("override the model's convention field by field", () => {
    const faults = new Faults();
    faults.set([rule({}, { delayFirstByteMs: 1 })]);
    expect(faults.resolve("demo-slow", "openai")).toEqual({ delayFirstByteMs: 1, delayBetweenChunksMs: 20 });
  });

  it.each([
    [{}],
    [[1]],
    [[{ match: {}, effect: { status: 99 } }]],
    [[{ match: { nth: 2 }, effect: {} }]],
    [[{ match: {}, effect: {}, name: "x" }]],
    [[{ match: {}, effect: { __proto__x: 1 } }]],
    [[{ match: { probability: 2 }, effect: {} }]],
  ])("refuse %j and keep the old rules", (rules) => {
    const faults = new Faults();
    faults.set([rule({})]);
    expect(faults.set(rules)).toEqual(expect.any(String));
    expect(faults.list()).toHaveLength(1);
  });
});
