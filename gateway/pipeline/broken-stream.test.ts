import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Answer } from "#gateway/testing/upstream.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  const base = harness.document();
  const url = harness.first.url.replace("/v1", "");
  const upstreams = [upstream("ups_1", url, { provider: "anthropic" }), upstream("ups_2", harness.second.url)];
  const routes = [route("claude", [version([target("ups_1")])]), route("gpt", [version([target("ups_2")])])];
  await harness.publish({ ...base, upstreams, routes });
});
afterAll(() => harness.stop());

/** Writes events and breaks the connection. */
const broken =
  (events: readonly object[]): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text = events.map((event) => `event: ${Reflect.get(event, "type")}\ndata: ${JSON.stringify(event)}\n\n`);
    response.write(text.join(""), () => setTimeout(() => response.destroy(), 20));
  };
const ask = async (path: string, body: object) => {
  const answer = await harness.send(path, JSON.stringify(body), { "x-api-key": harness.secret });
  return (await harness.event(answer)).usage;
};

describe("a stream that breaks off is charged for", () => {
  const start = {
    type: "message_start",
    message: { id: "m", role: "assistant", content: [], usage: { input_tokens: 25, output_tokens: 1 } },
  };
  const piece = (delta: object) => ({ type: "content_block_delta", index: 0, delta });
  const messages = { model: "claude", max_tokens: 9, stream: true, messages: [{ role: "user", content: "hi" }] };

  it("the text that came after its upstream's first word on usage", async () => {
    for (const delta of [
      { type: "text_delta", text: "four".repeat(100) },
      { type: "thinking_delta", thinking: "four".repeat(100) },
    ]) {
      harness.first.answer = broken([start, piece(delta)]);
      expect(await ask("/v1/messages", messages)).toMatchObject({
        source: "estimate",
        inputTokens: 25,
        outputTokens: 101,
      });
    }
  });

  it("what its upstream said at last, where it did", async () => {
    const end = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 40 } };
    harness.first.answer = broken([start, piece({ type: "text_delta", text: "four".repeat(100) }), end]);
    expect(await ask("/v1/messages", messages)).toMatchObject({
      source: "upstream",
      inputTokens: 25,
      outputTokens: 40,
    });
  });

  it("whatever the caller has named in its tools", async () => {
    const tools = [
      { type: "function", name: "f", parameters: { properties: { usage: { input_tokens: 0, output_tokens: 0 } } } },
    ];
    harness.second.answer = broken([
      { type: "response.created", sequence_number: 0, response: { id: "r", usage: null, tools } },
      { type: "response.output_text.delta", sequence_number: 1, item_id: "i", delta: "four".repeat(100) },
    ]);
    const usage = await ask("/v1/responses", { model: "gpt", stream: true, input: "hi", tools });
    expect(usage).toMatchObject({ source: "estimate", outputTokens: 100 });
    expect(usage.inputTokens).toBeGreaterThan(10);
  });

  it("by what its upstream says itself, also whole and in whatever order", async () => {
    const forged = { input_tokens: 0, output_tokens: 0 };
    const tools = [{ type: "function", name: "f", parameters: { properties: { usage: forged } } }];
    const usage = { input_tokens: 5, output_tokens: 6, total_tokens: 11 };
    harness.second.answer = (response) => {
      const body = { id: "r", object: "response", status: "completed", output: [], usage, tools };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    expect(await ask("/v1/responses", { model: "gpt", input: "hi", tools })).toMatchObject({
      source: "upstream",
      inputTokens: 5,
      outputTokens: 6,
    });
  });
});
