import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";
import { until } from "#gateway/testing/fixtures.ts";

let matrix: DialectMatrix;
let openai: OpenAI;
beforeAll(async () => {
  matrix = await DialectMatrix.start();
  openai = new OpenAI({ baseURL: `${matrix.harness.origin}/v1`, apiKey: matrix.harness.secret, maxRetries: 0 });
});
afterAll(() => matrix.stop());

const ASKED = "What is a gateway?";
const parameters = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
  additionalProperties: false,
};
const chatTool = (name: string) => ({ type: "function" as const, function: { name, parameters } });
const responseTool = (name: string) => ({ type: "function" as const, name, parameters, strict: null });
const routes = TARGETS.map((each) => each.route);

/** What the demo model says to a question is the same in every dialect. */
async function expectedText(): Promise<string> {
  const answer = await openai.chat.completions.create({
    model: "to-openai",
    messages: [{ role: "user", content: ASKED }],
  });
  return answer.choices[0]?.message.content ?? "";
}

describe.each(routes)("chat completions %s", (model) => {
  it("answers whole, with usage as the upstream counted it", async () => {
    const answer = await openai.chat.completions.create({
      model,
      max_completion_tokens: 500,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: ASKED },
      ],
    });
    expect(answer.choices[0]?.message.content).toContain(`"${ASKED}"`);
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(answer.usage).toMatchObject({ prompt_tokens: inputTokens, completion_tokens: outputTokens });
  });

  it("streams the same text, and usage only when asked for", async () => {
    const text = await expectedText();
    for (const include_usage of [true, false]) {
      const stream = await openai.chat.completions.create({
        model,
        stream: true,
        messages: [{ role: "user", content: ASKED }],
        ...(include_usage ? { stream_options: { include_usage } } : {}),
      });
      let said = "";
      let finish: string | null = null;
      let usage: OpenAI.CompletionUsage | null = null;
      for await (const chunk of stream) {
        said += chunk.choices[0]?.delta.content ?? "";
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage ?? usage;
      }
      expect(said).toBe(text);
      expect(finish).toBe("stop");
      if (include_usage) expect(usage).toMatchObject({ completion_tokens: matrix.lastCall.outputTokens });
      else expect(usage).toBeNull();
    }
  });

  it("calls tools in parallel, whole and streamed, and takes their results", async () => {
    const ask = {
      model,
      messages: [{ role: "user" as const, content: "Please use get_weather and get_time for Ghent" }],
      tools: [chatTool("get_weather"), chatTool("get_time")],
    };
    const answer = await openai.chat.completions.create(ask);
    const calls = answer.choices[0]?.message.tool_calls ?? [];
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
    expect(calls.map((call) => call.type === "function" && call.function.name)).toEqual(["get_weather", "get_time"]);
    const streamed = await openai.chat.completions.stream(ask).finalChatCompletion();
    const argumentsOf = (message: OpenAI.ChatCompletionMessage | undefined) =>
      (message?.tool_calls ?? []).map((call) => (call.type === "function" ? call.function.arguments : ""));
    const inOneForm = (texts: string[]) => texts.map((text): unknown => JSON.parse(text));
    expect(inOneForm(argumentsOf(streamed.choices[0]?.message))).toEqual(
      inOneForm(argumentsOf(answer.choices[0]?.message)),
    );
    const message = answer.choices[0]?.message;
    if (message === undefined) throw new Error("no message");
    const results = calls.map((call) => ({ role: "tool" as const, tool_call_id: call.id, content: "sunny" }));
    const last = await openai.chat.completions.create({ ...ask, messages: [...ask.messages, message, ...results] });
    expect(last.choices[0]?.finish_reason).toBe("stop");
    expect(last.choices[0]?.message.content).not.toBe("");
  });

  it("answers in the wanted schema", async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Tell me of a city" }],
      response_format: { type: "json_schema", json_schema: { name: "city", schema: parameters, strict: true } },
    });
    expect(Object.keys(JSON.parse(answer.choices[0]?.message.content ?? ""))).toEqual(["city", "days"]);
  });

  it("stops at a length", async () => {
    const answer = await openai.chat.completions.create({
      model,
      max_completion_tokens: 5,
      messages: [{ role: "user", content: ASKED }],
    });
    expect(answer.choices[0]?.finish_reason).toBe("length");
  });
});

describe.each(routes)("responses %s", (model) => {
  it("answers whole", async () => {
    const answer = await openai.responses.create({ model, instructions: "Be brief.", input: ASKED });
    expect(answer.status).toBe("completed");
    expect(answer.output_text).toContain(`"${ASKED}"`);
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(answer.usage).toMatchObject({ input_tokens: inputTokens, output_tokens: outputTokens });
  });

  it("streams every event in order, down to the whole response", async () => {
    const stream = await openai.responses.create({ model, input: ASKED, stream: true });
    let said = "";
    let next = 0;
    const types: string[] = [];
    for await (const event of stream) {
      expect(event.sequence_number).toBe(next);
      next += 1;
      if (types.at(-1) !== event.type) types.push(event.type);
      if (event.type === "response.output_text.delta") said += event.delta;
      if (event.type === "response.completed") {
        expect(event.response.output[0]).toMatchObject({ type: "message", content: [{ text: said }] });
        expect(event.response.usage?.output_tokens).toBe(matrix.lastCall.outputTokens);
      }
    }
    expect(said).toBe(await expectedText());
    expect(types).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  it("calls tools, whole and streamed, and takes their results", async () => {
    const ask = {
      model,
      input: "Please use get_weather and get_time for Ghent",
      tools: [responseTool("get_weather"), responseTool("get_time")],
    };
    const answer = await openai.responses.create(ask);
    const calls = answer.output.filter((item) => item.type === "function_call");
    expect(calls.map((call) => call.name)).toEqual(["get_weather", "get_time"]);
    const streamed = await openai.responses.stream(ask).finalResponse();
    const streamedCalls = streamed.output.filter((item) => item.type === "function_call");
    expect(streamedCalls.map((call) => call.arguments)).toEqual(calls.map((call) => call.arguments));
    const last = await openai.responses.create({
      ...ask,
      input: [
        { role: "user", content: ask.input },
        ...calls,
        ...calls.map((call) => ({ type: "function_call_output" as const, call_id: call.call_id, output: "sunny" })),
      ],
    });
    expect(last.output_text).not.toBe("");
  });

  it("answers in the wanted schema", async () => {
    const answer = await openai.responses.create({
      model,
      input: "Tell me of a city",
      text: { format: { type: "json_schema", name: "city", schema: parameters, strict: true } },
    });
    expect(Object.keys(JSON.parse(answer.output_text))).toEqual(["city", "days"]);
  });
});

describe.each(routes)("legacy completions %s", (model) => {
  it("answers whole and streamed", async () => {
    const whole = await openai.completions.create({ model, prompt: ASKED, max_tokens: 200 });
    expect(whole.choices[0]?.text).toContain(`"${ASKED}"`);
    const stream = await openai.completions.create({ model, prompt: ASKED, max_tokens: 200, stream: true });
    let said = "";
    for await (const chunk of stream) said += chunk.choices[0]?.text ?? "";
    expect(said).toBe(whole.choices[0]?.text);
  });
});

describe("what cannot be carried", () => {
  it.each(["to-anthropic", "to-gemini"])("is refused by its name %s", async (model) => {
    const messages = [{ role: "user" as const, content: ASKED }];
    const refused = openai.chat.completions.create({ model, messages, logit_bias: { "50256": -100 } });
    await expect(refused).rejects.toMatchObject({ status: 400, code: "unsupported_parameter", param: "logit_bias" });
    const many = openai.chat.completions.create({ model: "to-anthropic", messages, n: 2 });
    await expect(many).rejects.toMatchObject({ status: 400, code: "unsupported_parameter", param: "n" });
    const kept = openai.responses.create({ model, input: ASKED, previous_response_id: "resp_1" });
    await expect(kept).rejects.toMatchObject({
      status: 400,
      code: "unsupported_parameter",
      param: "previous_response_id",
    });
    const wrong = openai.chat.completions.create({ model, messages: [] });
    await expect(wrong).rejects.toMatchObject({ status: 400, code: "invalid_request", param: "messages" });
  });

  it("is no action at all where no target speaks it", async () => {
    const refused = openai.embeddings.create({ model: "to-anthropic", input: "x" });
    await expect(refused).rejects.toMatchObject({ status: 400, code: "action_not_supported", param: "model" });
  });

  it("leaves out what only helps the vendor, and notes it", async () => {
    const { request_id } = await openai.responses
      .create({ model: "to-gemini", input: ASKED, prompt_cache_key: "k", safety_identifier: "u" })
      .withResponse();
    const { events } = matrix.harness.plane;
    await until("the event arrives", () => events.some((event) => event.id === request_id));
    const stages = events.find((event) => event.id === request_id)?.decision.stages ?? [];
    expect(stages.find((each) => each.stage === "translate")?.facts).toMatchObject({
      dropped: "prompt_cache_key, safety_identifier",
    });
  });

  it("takes what asks for nothing", async () => {
    const answer = await openai.chat.completions.create({
      model: "to-anthropic",
      messages: [{ role: "user", content: ASKED }],
      n: 1,
      logprobs: false,
      store: false,
      presence_penalty: 0,
      frequency_penalty: 0,
      metadata: {},
      service_tier: "auto",
      tools: [],
      verbosity: "medium",
    });
    expect(answer.choices[0]?.finish_reason).toBe("stop");
  });
});
