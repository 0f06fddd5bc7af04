import Anthropic from "@anthropic-ai/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";

let matrix: DialectMatrix;
let anthropic: Anthropic;
beforeAll(async () => {
  matrix = await DialectMatrix.start({ retry: { attempts: 1 } });
  anthropic = new Anthropic({ baseURL: matrix.harness.origin, apiKey: matrix.harness.secret, maxRetries: 0 });
});
afterAll(() => matrix.stop());
afterEach(() => matrix.demo.faults.clear());

const ASKED = "What is a gateway?";
const messages = [{ role: "user" as const, content: ASKED }];
const schema = {
  type: "object" as const,
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
  additionalProperties: false,
};
const tool = (name: string) => ({ name, input_schema: schema });
const routes = TARGETS.map((each) => each.route);
const translated = routes.filter((name) => name !== "to-anthropic");

const textOf = (message: Anthropic.Message) =>
  message.content.map((block) => (block.type === "text" ? block.text : "")).join("");

describe.each(routes)("messages %s", (model) => {
  it("answers whole, with usage as the upstream counted it", async () => {
    const answer = await anthropic.messages.create({ model, max_tokens: 500, system: "Be brief.", messages });
    expect(answer).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn", stop_sequence: null });
    expect(textOf(answer)).toContain(`"${ASKED}"`);
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(answer.usage).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens });
  });

  it("streams the same text in the order of Anthropic's events, with usage", async () => {
    const whole = await anthropic.messages.create({ model, max_tokens: 500, messages });
    const stream = anthropic.messages.stream({ model, max_tokens: 500, messages });
    const types: string[] = [];
    for await (const event of stream) if (types.at(-1) !== event.type) types.push(event.type);
    expect(types).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    const answer = await stream.finalMessage();
    expect(textOf(answer)).toBe(textOf(whole));
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(answer.usage).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens });
    expect(answer.stop_reason).toBe("end_turn");
  });

  it("calls tools in parallel, whole and streamed, and takes their results", async () => {
    const ask = {
      model,
      max_tokens: 500,
      messages: [{ role: "user" as const, content: "Please use get_weather and get_time for Ghent" }],
      tools: [tool("get_weather"), tool("get_time")],
    };
    const answer = await anthropic.messages.create(ask);
    const calls = answer.content.filter((block) => block.type === "tool_use");
    expect(answer.stop_reason).toBe("tool_use");
    expect(calls.map((call) => [call.name, call.input])).toEqual([
      ["get_weather", { city: "Ghent", days: 1 }],
      ["get_time", { city: "Ghent", days: 1 }],
    ]);
    const streamed = await anthropic.messages.stream(ask).finalMessage();
    const streamedCalls = streamed.content.filter((block) => block.type === "tool_use");
    expect(streamedCalls.map((call) => call.input)).toEqual(calls.map((call) => call.input));
    const results = calls.map((call) => ({ type: "tool_result" as const, tool_use_id: call.id, content: "sunny" }));
    const last = await anthropic.messages.create({
      ...ask,
      messages: [...ask.messages, { role: "assistant", content: answer.content }, { role: "user", content: results }],
    });
    expect(last.stop_reason).toBe("end_turn");
    expect(textOf(last)).toContain("sunny");
  });

  it("must call the tool that is chosen", async () => {
    const tool_choice = { type: "tool" as const, name: "get_time" };
    const tools = [tool("get_weather"), tool("get_time")];
    const answer = await anthropic.messages.create({ model, max_tokens: 500, messages, tools, tool_choice });
    expect(answer.content).toMatchObject([{ type: "tool_use", name: "get_time" }]);
  });

  it("answers in the wanted schema", async () => {
    const answer = await anthropic.messages.create({
      model,
      max_tokens: 500,
      messages,
      output_config: { format: { type: "json_schema", schema } },
    });
    expect(Object.keys(JSON.parse(textOf(answer)))).toEqual(["city", "days"]);
  });

  it("stops at a length", async () => {
    const answer = await anthropic.messages.create({ model, max_tokens: 5, messages });
    expect(answer.stop_reason).toBe("max_tokens");
    expect(answer.usage.output_tokens).toBe(5);
  });

  it("fails as the SDK knows failures: refused, overloaded, broken off", async () => {
    matrix.demo.faults.set([{ match: {}, effect: { status: 503 } }]);
    const overloaded = anthropic.messages.create({ model, max_tokens: 5, messages });
    await expect(overloaded).rejects.toBeInstanceOf(Anthropic.InternalServerError);
    matrix.demo.faults.set([{ match: {}, effect: { status: 400 } }]);
    const refused = anthropic.messages.create({ model, max_tokens: 5, messages });
    await expect(refused).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    matrix.demo.faults.set([{ match: {}, effect: { resetAfterChunks: 3 } }]);
    const broken = anthropic.messages.stream({ model, max_tokens: 500, messages }).finalMessage();
    await expect(broken).rejects.toBeInstanceOf(Anthropic.APIError);
  });
});

describe.each(translated)("what cannot be carried %s", (model) => {
  it("is refused by the name the caller knows", async () => {
    const hosted = { type: "web_search_20250305" as const, name: "web_search" as const };
    const tools = anthropic.messages.create({ model, max_tokens: 5, messages, tools: [hosted] });
    await expect(tools).rejects.toMatchObject({ status: 400, message: expect.stringContaining("tools[0].type") });
    const tier = anthropic.messages.create({ model, max_tokens: 5, messages, service_tier: "auto" });
    await expect(tier).rejects.toMatchObject({ status: 400, message: expect.stringContaining("service_tier") });
  });

  it("counts no tokens: another vendor's count would be no answer", async () => {
    const counted = anthropic.messages.countTokens({ model, messages });
    await expect(counted).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  });
});

describe("a caller of Anthropic's dialect", () => {
  it("counts tokens where the upstream does", async () => {
    const { input_tokens } = await anthropic.messages.countTokens({ model: "to-anthropic", messages });
    expect(input_tokens).toBeGreaterThan(0);
  });

  it("is refused in its dialect", async () => {
    const stranger = new Anthropic({ baseURL: matrix.harness.origin, apiKey: "tp_unknown", maxRetries: 0 });
    const unknown = stranger.messages.create({ model: "to-openai", max_tokens: 5, messages });
    await expect(unknown).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    const missing = anthropic.messages.create({ model: "nowhere", max_tokens: 5, messages });
    await expect(missing).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    const wrong = anthropic.messages.create({ model: "to-openai", max_tokens: 5, messages: [] });
    await expect(wrong).rejects.toMatchObject({ status: 400, message: expect.stringContaining("messages") });
  });
});
