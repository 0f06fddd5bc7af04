import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addConsumer, plan, route, target, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { COMPLETION_TEXT, completion, stream, streamEvent, USAGE_EVENT } from "#gateway/testing/upstream.ts";

let harness: Harness;
let openai: OpenAI;
const messages = [{ role: "user" as const, content: "Say hello" }];

beforeAll(async () => {
  harness = await Harness.start();
  openai = new OpenAI({ apiKey: harness.secret, baseURL: `${harness.origin}/v1`, maxRetries: 0 });
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.received.length = 0;
  harness.first.answer = completion;
});

describe("the OpenAI SDK through the gateway", () => {
  it("gets a completion", async () => {
    const answer = await openai.chat.completions.create({ model: "smart", messages });
    expect(answer.choices[0]?.message.content).toBe('Hello "you"');
    expect(answer.usage?.total_tokens).toBe(52);
    expect(harness.first.received[0]).toMatchObject({ method: "POST", path: "/v1/chat/completions" });
  });

  it("gets a stream, without the usage event that it did not ask for", async () => {
    harness.first.answer = stream(["Hel", "lo"]);
    const chunks = await openai.chat.completions.create({ model: "smart", messages, stream: true });
    const seen: string[] = [];
    for await (const chunk of chunks) {
      expect(chunk.usage).toBeNull();
      seen.push(chunk.choices[0]?.delta.content ?? "");
    }
    expect(seen).toEqual(["Hel", "lo"]);
    expect(JSON.parse(harness.first.received[0]?.body ?? "").stream_options).toEqual({ include_usage: true });
  });

  it("gets the usage event when it asks for it", async () => {
    harness.first.answer = stream(["Hi"]);
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await openai.chat.completions.create({ model: "smart", messages, ...options });
    let total = 0;
    for await (const chunk of chunks) total = chunk.usage?.total_tokens ?? total;
    expect(total).toBe(10);
  });

  it("gets tool calls as the upstream made them", async () => {
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } };
    harness.first.answer = (response) => {
      const message = { role: "assistant", content: null, tool_calls: [call] };
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          id: "x",
          object: "chat.completion",
          choices: [{ index: 0, message, finish_reason: "tool_calls" }],
        }),
      );
    };
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: { type: "object" } } }];
    const answer = await openai.chat.completions.create({ model: "smart", messages, tools });
    expect(answer.choices[0]?.message.tool_calls).toEqual([call]);
    expect(JSON.parse(harness.first.received[0]?.body ?? "").tools).toEqual(tools);
  });

  it("gets embeddings", async () => {
    harness.first.answer = (response) => {
      const data = [{ object: "embedding", index: 0, embedding: [0.1, 0.2] }];
      const body = { object: "list", model: "m", data, usage: { prompt_tokens: 5, total_tokens: 5 } };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const answer = await openai.embeddings.create({ model: "smart", input: "x", encoding_format: "float" });
    expect(answer.data[0]?.embedding).toEqual([0.1, 0.2]);
    expect(harness.first.received[0]?.path).toBe("/v1/embeddings");
    await expect
      .poll(() => harness.plane.events.find((event) => event.action === "embeddings")?.usage)
      .toMatchObject({ inputTokens: 5, outputTokens: 0, source: "upstream" });
  });

  it("sees exactly the models that its key may call", async () => {
    const routes = ["a", "b", "team/c"].map((name) => route(name, [version([target("ups_1")])]));
    const retired = route("old", [version([target("ups_1")], { status: "retired" })]);
    const plans = [plan("pln_open"), plan("pln_ab", { routes: ["a", "team/c"] })];
    await harness.publish(harness.document({ routes: [...routes, retired], plans }));
    const narrow = addConsumer(harness.plane, "con_ab", { planId: "pln_ab" });
    const narrower = addConsumer(harness.plane, "con_a", { planId: "pln_ab" }, { routes: ["team/c", "b"] });
    await expect.poll(async () => (await modelsOf(narrower)).join()).toBe("team/c");
    expect(await modelsOf(narrow)).toEqual(["a", "team/c"]);
    expect(await modelsOf(harness.secret)).toEqual(["a", "b", "team/c"]);
    const client = new OpenAI({ apiKey: narrow, baseURL: `${harness.origin}/v1`, maxRetries: 0 });
    expect((await client.models.retrieve("team/c")).id).toBe("team/c");
    await expect(client.models.retrieve("b")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    await harness.publish(harness.document());
  });
});

async function modelsOf(apiKey: string): Promise<string[]> {
  const client = new OpenAI({ apiKey, baseURL: `${harness.origin}/v1`, maxRetries: 0 });
  const page = await client.models.list();
  return page.data.map((model) => model.id);
}

describe("pass-through", () => {
  it("changes only the model's name in the request and nothing in the answer", async () => {
    const body =
      '{ "a":[1, 2.50e+1,"model"],\n\t"model" :\t"sm\\u0061rt" , "x":{"model":"smart"},"b":"é\\ud83d\\ude00" }';
    const answer = await harness.send("/v1/chat/completions", body);
    expect(answer.text).toBe(COMPLETION_TEXT);
    expect(harness.first.received[0]?.body).toBe(body.replace('"sm\\u0061rt"', '"gpt-4o-mini"'));
  });

  it("passes a stream on byte by byte except for the withheld event", async () => {
    harness.first.answer = stream(["a", "b\n\n", 'c"usage":{']);
    const words = ["a", "b\n\n", 'c"usage":{'].map(streamEvent).join("");
    expect((await harness.chat("smart", { stream: true })).text).toBe(`${words}data: [DONE]\n\n`);
    const asked = await harness.chat("smart", { stream: true, stream_options: { include_usage: true } });
    expect(asked.text).toBe(`${words}${USAGE_EVENT}data: [DONE]\n\n`);
  });

  it("passes an answer of many megabytes on, whole", async () => {
    const text = "x".repeat(5_000_000);
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`{"choices":[{"message":{"content":"${text}"}}],"usage":{"prompt_tokens":3,"completion_tokens":9}}`);
    };
    const answer = await harness.chat("smart");
    expect(answer.text.length).toBeGreaterThan(text.length);
    expect((await harness.event(answer)).usage).toMatchObject({ inputTokens: 3, outputTokens: 9, source: "upstream" });
  });

  it("hands an upstream's own refusal on unchanged", async () => {
    const refusal = '{"error":{"message":"max_tokens is too large","type":"invalid_request_error","code":null}}';
    harness.first.answer = (response) => {
      response.writeHead(400, { "content-type": "application/json" }).end(refusal);
    };
    const answer = await harness.chat("smart");
    expect(answer).toMatchObject({ status: 400, text: refusal });
    expect(await harness.event(answer)).toMatchObject({
      outcome: "error",
      status: 400,
      usage: { source: "none" },
      costNanos: "0",
    });
  });
});

describe("metering", () => {
  it("records who called what, how it was decided and what it cost", async () => {
    const answer = await harness.chat("smart", { user: "end-user-7" });
    const event = await harness.event(answer);
    expect(event).toMatchObject({
      teamId: "team_1",
      consumerId: "con_1",
      apiKeyId: "key_con_1",
      endUser: "end-user-7",
      action: "chat.completions",
      requestedModel: "smart",
      route: "smart",
      routeVersion: "1.0.0",
      upstreamId: "ups_1",
      provider: "openai",
      model: "gpt-4o-mini",
      status: 200,
      outcome: "ok",
      attempts: 1,
      usage: { inputTokens: 12, outputTokens: 40, source: "upstream" },
      costNanos: "25800",
      priceVersion: "test-1",
    });
    expect(event.decision.stages.map(({ stage }) => stage)).toEqual(["identify", "authorize", "route"]);
    expect(event.decision.price).toContain("= $0.0000258");
    expect(answer.headers).toMatchObject({
      "x-turnpike-route": "smart@1.0.0",
      "x-turnpike-upstream": "ups_1",
      "x-turnpike-attempts": "1",
      "x-turnpike-cache": "bypass",
    });
    expect(Number(answer.headers["x-turnpike-overhead-ms"])).toBeGreaterThanOrEqual(0);
    expect(event.revision).toBe(Number(answer.headers["x-turnpike-revision"]));
  });

  it("reads a stream's usage whether the caller sees it or not", async () => {
    harness.first.answer = stream(["a"]);
    const event = await harness.event(await harness.chat("smart", { stream: true }));
    expect(event).toMatchObject({ stream: true, usage: { inputTokens: 7, outputTokens: 3, source: "upstream" } });
  });
});
