import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";

let matrix: DialectMatrix;
beforeAll(async () => {
  matrix = await DialectMatrix.start();
});
afterAll(() => matrix.stop());

const ASKED = "What is a gateway?";
const TOOLS_ASKED = "Please use get_weather and get_time for Ghent";
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
} as const;
const routes = TARGETS.map((each) => each.route);

/** The three ways in which the AI SDK speaks to OpenAI's dialects. */
function modelsOf(route: string) {
  const options = { baseURL: `${matrix.harness.origin}/v1`, apiKey: matrix.harness.secret };
  const openai = createOpenAI(options);
  const compatible = createOpenAICompatible({
    name: "gateway",
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...options,
  });
  return { chat: openai.chat(route), responses: openai.responses(route), compatible: compatible(route) };
}

describe.each(routes)("the AI SDK %s", (route) => {
  it.each(["chat", "responses", "compatible"] as const)("generates and streams text by %s", async (kind) => {
    const model = modelsOf(route)[kind];
    const whole = await generateText({ model, prompt: ASKED, maxRetries: 0 });
    expect(whole.text).toContain(`"${ASKED}"`);
    expect(whole.finishReason).toBe("stop");
    const streamed = streamText({ model, prompt: ASKED, maxRetries: 0 });
    let said = "";
    for await (const piece of streamed.textStream) said += piece;
    expect(said).toBe(whole.text);
    expect((await streamed.usage).outputTokens).toBe(whole.usage.outputTokens);
  });

  it.each(["chat", "responses", "compatible"] as const)("runs tools to the end by %s", async (kind) => {
    const model = modelsOf(route)[kind];
    const ran: string[] = [];
    const named = (name: string) =>
      tool({
        inputSchema: jsonSchema<{ city: string }>(schema),
        execute: async () => {
          ran.push(name);
          return "sunny";
        },
      });
    const tools = { get_weather: named("get_weather"), get_time: named("get_time") };
    const whole = await generateText({ model, tools, prompt: TOOLS_ASKED, stopWhen: stepCountIs(3), maxRetries: 0 });
    expect(ran.toSorted()).toEqual(["get_time", "get_weather"]);
    expect(whole.text).not.toBe("");
    ran.length = 0;
    const streamed = streamText({ model, tools, prompt: TOOLS_ASKED, stopWhen: stepCountIs(3), maxRetries: 0 });
    expect(await streamed.text).toBe(whole.text);
    expect(ran.toSorted()).toEqual(["get_time", "get_weather"]);
  });

  it.each(["chat", "responses", "compatible"] as const)("gives an object by %s", async (kind) => {
    const model = modelsOf(route)[kind];
    const output = Output.object({ schema: z.object({ city: z.string() }) });
    const answer = await generateText({ model, output, prompt: "Tell me of a city", maxRetries: 0 });
    expect(Object.keys(answer.output)).toEqual(["city"]);
  });
});

describe.each(routes)("LangChain %s", (route) => {
  const modelOf = (useResponsesApi: boolean) =>
    new ChatOpenAI({
      model: route,
      apiKey: matrix.harness.secret,
      maxRetries: 0,
      useResponsesApi,
      configuration: { baseURL: `${matrix.harness.origin}/v1` },
    });

  it.each([false, true])("answers and streams (responses: %s)", async (useResponsesApi) => {
    const model = modelOf(useResponsesApi);
    const whole = await model.invoke(ASKED);
    expect(whole.text).toContain(`"${ASKED}"`);
    let said = "";
    for await (const chunk of await model.stream(ASKED)) said += chunk.text;
    expect(said).toBe(whole.text);
  });

  it.each([false, true])("calls tools and takes their results (responses: %s)", async (useResponsesApi) => {
    const tools = ["get_weather", "get_time"].map((name) => ({
      type: "function" as const,
      function: { name, description: name, parameters: schema },
    }));
    const model = modelOf(useResponsesApi).bindTools(tools);
    const asked = new HumanMessage(TOOLS_ASKED);
    const called = await model.invoke([asked]);
    expect(called.tool_calls?.map((call) => call.name)).toEqual(["get_weather", "get_time"]);
    const results = (called.tool_calls ?? []).map(
      (call) => new ToolMessage({ content: "sunny", tool_call_id: call.id ?? "" }),
    );
    const last = await model.invoke([asked, called, ...results]);
    expect(last.text).not.toBe("");
  });

  it("gives an object", async () => {
    const answer = await modelOf(false)
      .withStructuredOutput(z.object({ city: z.string() }), { name: "place", method: "jsonSchema" })
      .invoke("Tell me of a city");
    expect(Object.keys(answer)).toEqual(["city"]);
  });
});
