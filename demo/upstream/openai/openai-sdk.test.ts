import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestClient, type TestClient } from "../test-client.ts";

const WEATHER = {
  type: "function" as const,
  function: {
    name: "get_weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["celsius", "fahrenheit"] }, days: { type: "integer" } },
    },
  },
};
const CLOCK = {
  type: "function" as const,
  function: { name: "get_time", parameters: { type: "object", properties: {} } },
};

let client: TestClient;
let openai: OpenAI;

beforeAll(async () => {
  client = await startTestClient();
  openai = new OpenAI({ baseURL: `${client.upstream.url}/v1`, apiKey: "test-key", maxRetries: 0 });
});
afterAll(() => client.upstream.close());
beforeEach(() => client.upstream.ledger.clear());

function lastEntry() {
  const { entries } = client.upstream.ledger.page(0, 10_000);
  const entry = entries.at(-1);
  if (entry === undefined) throw new Error("The ledger is empty");
  return entry;
}

const ask = (content: string) => ({ model: "demo-small", messages: [{ role: "user" as const, content }] });

describe("chat completions through the openai SDK", () => {
  it("answers politely, says what it is, and always the same", async () => {
    const first = await openai.chat.completions.create(ask("What is a gateway?"));
    const second = await openai.chat.completions.create(ask("What is a gateway?"));
    const text = first.choices[0]?.message.content ?? "";
    expect(text).toContain("demo model");
    expect(text).toContain('"What is a gateway?"');
    expect(first.choices[0]?.finish_reason).toBe("stop");
    expect(second.choices[0]?.message.content).toBe(text);
    expect(second.id).not.toBe(first.id);
  });

  it("reports the usage that the ledger holds", async () => {
    const { data, request_id } = await openai.chat.completions.create(ask("Hello there")).withResponse();
    const entry = lastEntry();
    expect(data.usage).toMatchObject({ prompt_tokens: 4 + 3, completion_tokens: entry.outputTokens });
    expect(entry).toMatchObject({ id: request_id, inputTokens: 7, status: 200, finished: "complete", stream: false });
    expect(entry.outputTokens).toBe(Math.ceil((data.choices[0]?.message.content ?? "").length / 4));
  });

  it("streams the same text in words, with usage when asked for", async () => {
    const whole = await openai.chat.completions.create(ask("Why?"));
    const stream = await openai.chat.completions.create({
      ...ask("Why?"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const words: string[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const word = chunk.choices[0]?.delta.content;
      if (word) words.push(word);
      usage = chunk.usage;
    }
    expect(words.length).toBeGreaterThan(10);
    expect(words.join("")).toBe(whole.choices[0]?.message.content);
    expect(usage).toEqual(whole.usage);
    expect(lastEntry()).toMatchObject({ stream: true, outputTokens: whole.usage?.completion_tokens });
  });

  it("sends no usage in a stream that did not ask for it", async () => {
    const stream = await openai.chat.completions.create({ ...ask("Why?"), stream: true });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty("usage");
  });

  it.each(["max_tokens", "max_completion_tokens"])("honours %s exactly and says so", async (name) => {
    const answer = await openai.chat.completions.create({ ...ask("write 500 words"), [name]: 37 });
    expect(answer.choices[0]?.finish_reason).toBe("length");
    expect(answer.usage?.completion_tokens).toBe(37);
  });

  it("writes as many words as asked for", async () => {
    const answer = await openai.chat.completions.create(ask("Please write 20000 words."));
    expect(answer.choices[0]?.message.content?.split(" ")).toHaveLength(20_000);
  });

  it("gives n different choices, each limited on its own, and bills all", async () => {
    const limits = { n: 3, max_tokens: 10 };
    const answer = await openai.chat.completions.create({ ...ask("write 100 words"), ...limits });
    expect(new Set(answer.choices.map((choice) => choice.message.content)).size).toBe(3);
    expect(answer.usage?.completion_tokens).toBe(30);
    const stream = openai.chat.completions.stream({ ...ask("write 100 words"), ...limits });
    const final = await stream.finalChatCompletion();
    expect(final.choices.map((choice) => choice.message.content)).toEqual(
      answer.choices.map((choice) => choice.message.content),
    );
    expect(lastEntry().outputTokens).toBe(30);
  });

  it("stops in front of a stop sequence", async () => {
    const answer = await openai.chat.completions.create({ ...ask("What?"), stop: ["demo"] });
    expect(answer.choices[0]?.message.content).not.toContain("demo");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
  });

  it("satisfies response_format", async () => {
    const free = await openai.chat.completions.create({
      ...ask("JSON please"),
      response_format: { type: "json_object" },
    });
    expect(JSON.parse(free.choices[0]?.message.content ?? "")).toHaveProperty("answer");
    const schema = {
      type: "object",
      $defs: { Tag: { enum: ["red", "blue"] } },
      properties: {
        count: { type: "integer", minimum: 3 },
        tags: { type: "array", items: { $ref: "#/$defs/Tag" } },
        note: { anyOf: [{ type: "string" }, { type: "null" }] },
      },
    };
    const shaped = await openai.chat.completions.create({
      ...ask("Tell me of Paris"),
      response_format: { type: "json_schema", json_schema: { name: "shape", schema } },
    });
    expect(JSON.parse(shaped.choices[0]?.message.content ?? "")).toEqual({ count: 3, tags: ["red"], note: "Paris" });
  });
});

describe("tool calls", () => {
  it("calls the tool that the user names, with arguments that fit", async () => {
    const answer = await openai.chat.completions.create({
      ...ask("Use get_weather for Paris"),
      tools: [WEATHER, CLOCK],
    });
    const [choice] = answer.choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.content).toBeNull();
    expect(choice?.message.tool_calls).toHaveLength(1);
    const call = choice?.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("not a function call");
    expect(call.function.name).toBe("get_weather");
    expect(JSON.parse(call.function.arguments)).toEqual({ city: "Paris", unit: "celsius", days: 1 });
  });

  it("streams two calls in parallel, arguments in pieces", async () => {
    const request = { ...ask("Use get_weather and get_time in Rome"), tools: [WEATHER, CLOCK] };
    const stream = openai.chat.completions.stream(request);
    let pieces = 0;
    stream.on("tool_calls.function.arguments.delta", () => {
      pieces += 1;
    });
    const { choices } = await stream.finalChatCompletion();
    const names = choices[0]?.message.tool_calls?.map((call) => (call.type === "function" ? call.function.name : ""));
    expect(names).toEqual(["get_weather", "get_time"]);
    expect(pieces).toBeGreaterThan(4);
    const unary = await openai.chat.completions.create(request);
    expect(unary.usage?.completion_tokens).toBe(lastEntry().outputTokens);
    const single = await openai.chat.completions.create({ ...request, parallel_tool_calls: false });
    expect(single.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it("obeys tool_choice", async () => {
    const tools = [WEATHER, CLOCK];
    const choose = async (tool_choice: OpenAI.ChatCompletionToolChoiceOption) => {
      const answer = await openai.chat.completions.create({ ...ask("Hello get_time"), tools, tool_choice });
      return answer.choices[0]?.message.tool_calls?.map((call) => (call.type === "function" ? call.function.name : ""));
    };
    expect(await choose("none")).toBeUndefined();
    expect(await choose({ type: "function", function: { name: "get_weather" } })).toEqual(["get_weather"]);
    const forced = await openai.chat.completions.create({ ...ask("Hello"), tools, tool_choice: "required" });
    expect(forced.choices[0]?.message.tool_calls).toHaveLength(1);
    const plain = await openai.chat.completions.create({ ...ask("Hello"), tools });
    expect(plain.choices[0]?.message.tool_calls).toBeUndefined();
  });

  it("answers a tool's result in text", async () => {
    const answer = await openai.chat.completions.create({
      model: "demo-small",
      messages: [
        { role: "user", content: "Use get_weather" },
        {
          role: "assistant",
          tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c1", content: "18 degrees" },
      ],
      tools: [WEATHER],
    });
    expect(answer.choices[0]?.message.content).toContain("18 degrees");
  });
});

describe("the other OpenAI endpoints", () => {
  it("embeds in unit vectors, the same in base64 and floats, nearer for nearer texts", async () => {
    const input = ["the red house", "the red houses here", "entirely other matters"];
    const floats = await openai.embeddings.create({ model: "text-embedding-3-small", input, encoding_format: "float" });
    const base64 = await openai.embeddings.create({ model: "text-embedding-3-small", input });
    const vectors = floats.data.map((item) => item.embedding);
    expect(base64.data.map((item) => item.embedding)).toEqual(vectors);
    const dot = (left: number[] = [], right: number[] = []) =>
      left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
    expect(vectors[0]).toHaveLength(1_536);
    expect(dot(vectors[0], vectors[0])).toBeCloseTo(1, 5);
    expect(dot(vectors[0], vectors[1])).toBeGreaterThan(dot(vectors[0], vectors[2]));
    expect(floats.usage.prompt_tokens).toBe(lastEntry().inputTokens);
    const short = await openai.embeddings.create({ model: "e", input: "x", dimensions: 8 });
    expect(short.data[0]?.embedding).toHaveLength(8);
  });

  it("lists and shows models", async () => {
    const listed = await openai.models.list();
    expect(listed.data.map((model) => model.id)).toContain("demo-small");
    expect((await openai.models.retrieve("any-name")).id).toBe("any-name");
  });

  it("completes text, whole and streamed", async () => {
    const whole = await openai.completions.create({ model: "m", prompt: "Once", max_tokens: 12 });
    expect(whole.usage?.completion_tokens).toBe(12);
    let text = "";
    for await (const chunk of await openai.completions.create({
      model: "m",
      prompt: "Once",
      max_tokens: 12,
      stream: true,
    })) {
      text += chunk.choices[0]?.text ?? "";
    }
    expect(text).toBe(whole.choices[0]?.text);
  });

  it("serves responses, whole and streamed", async () => {
    const whole = await openai.responses.create({ model: "m", input: "What now?" });
    expect(whole.output_text).toContain("What now?");
    const final = await openai.responses.stream({ model: "m", input: "What now?" }).finalResponse();
    expect(final.output_text).toBe(whole.output_text);
    expect(final.usage).toEqual(whole.usage);
    expect(lastEntry().outputTokens).toBe(whole.usage?.output_tokens);
    const cut = await openai.responses.create({ model: "m", input: "write 90 words", max_output_tokens: 20 });
    expect(cut).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  });

  it("calls tools in responses", async () => {
    const tools = [
      { type: "function" as const, name: "get_weather", strict: false, parameters: WEATHER.function.parameters },
      { type: "function" as const, name: "get_time", strict: false, parameters: { type: "object", properties: {} } },
    ];
    const request = { model: "m", input: "get_weather and get_time in Oslo", tools };
    const final = await openai.responses.stream(request).finalResponse();
    const calls = final.output.map((item) => (item.type === "function_call" ? [item.name, item.arguments] : []));
    expect(calls).toEqual([
      ["get_weather", '{"city":"Oslo","unit":"celsius","days":1}'],
      ["get_time", "{}"],
    ]);
    const after = await openai.responses.create({
      ...request,
      input: [
        { role: "user", content: "get_weather" },
        { type: "function_call", call_id: "c1", name: "get_weather", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "rain" },
      ],
    });
    expect(after.output_text).toContain("rain");
  });

  it("moderates, draws, speaks and listens", async () => {
    const judged = await openai.moderations.create({ input: ["I will kill it", "Good day"] });
    expect(judged.results.map((result) => result.flagged)).toEqual([true, false]);
    const drawn = await openai.images.generate({ model: "gpt-image-1", prompt: "a road", n: 2 });
    expect(
      Buffer.from(drawn.data?.[1]?.b64_json ?? "", "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    const spoken = await openai.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hello" });
    const wav = Buffer.from(await spoken.arrayBuffer());
    expect([wav.toString("latin1", 0, 4), wav.toString("latin1", 8, 12)]).toEqual(["RIFF", "WAVE"]);
    const file = await toFile(wav, "tone.wav");
    const heard = await openai.audio.transcriptions.create({ model: "whisper-1", file });
    expect(heard.text).toContain(`${wav.length} bytes`);
  });

  it("reranks by shared words", async () => {
    const documents = ["cats and dogs", "the quick brown fox", "a fox is quick"];
    const response = await client.post("/v1/rerank", { model: "r", query: "quick fox", documents, top_n: 2 });
    const answer = await response.json();
    expect(answer.results.map((result: { index: number }) => result.index)).not.toContain(0);
    expect(answer.results).toHaveLength(2);
  });
});

describe("refusals in the OpenAI dialect", () => {
  const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

  it("refuses missing, revoked and limited keys, and stores only a fingerprint", async () => {
    const as = (apiKey: string) => new OpenAI({ baseURL: `${client.upstream.url}/v1`, apiKey, maxRetries: 0 });
    expect(await failure(as("demo-key-revoked").models.list())).toBeInstanceOf(OpenAI.AuthenticationError);
    const limited = await failure(as("demo-key-limited").models.list());
    if (!(limited instanceof OpenAI.RateLimitError)) throw new Error("not a rate limit error");
    expect(limited.headers.get("retry-after")).toBe("2");
    const bare = await fetch(`${client.upstream.url}/v1/models`);
    expect(bare.status).toBe(401);
    expect(JSON.stringify(client.upstream.ledger.page(0, 100))).not.toMatch(/demo-key-/);
    expect(lastEntry()).toMatchObject({ status: 401, finished: "failed", credentialSha256: null });
  });

  it.each([
    ["broken JSON", "{", 400],
    ["no model", "{}", 400],
    ["no messages", '{"model":"m"}', 400],
    ["a negative limit", '{"model":"m","max_tokens":-1,"messages":[{"role":"user","content":"x"}]}', 400],
    ["a message that is none", '{"model":"m","messages":[1]}', 400],
  ])("refuses %s", async (_, body, status) => {
    const response = await client.post("/v1/chat/completions", body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: "invalid_request_error", message: expect.any(String) },
    });
    expect(lastEntry()).toMatchObject({ finished: "failed", inputTokens: 0, outputTokens: 0 });
  });

  it("answers 404 and 405 where nothing lives", async () => {
    expect((await client.post("/v1/nothing", {})).status).toBe(404);
    expect((await client.post("/v1/models", {})).status).toBe(405);
  });
});
