import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { policy, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Answer } from "#gateway/testing/upstream.ts";

let harness: Harness;
let openai: OpenAI;
beforeAll(async () => {
  harness = await Harness.start();
  const base = harness.first.url.replace(/\/v1$/, "");
  const thinker = target("ups_1", { model: "claude-sonnet-4-5" });
  await harness.publish(
    policy([upstream("ups_1", base, { provider: "anthropic" })], [route("thinker", [version([thinker])])]),
  );
  openai = new OpenAI({ baseURL: `${harness.origin}/v1`, apiKey: harness.secret, maxRetries: 0 });
  await until("the node has the credential", async () => (await harness.chat("thinker")).status !== 401);
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.received.length = 0;
  harness.first.answer = thinking;
});

const CONTENT = [
  { type: "thinking", thinking: "The tool knows.", signature: "c2lnbmVk" },
  { type: "text", text: "Let me look." },
  { type: "tool_use", id: "toolu_1", name: "look", input: { city: "Ghent" } },
];
const USAGE = { input_tokens: 9, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 12 };

/** What Anthropic answers when a model thinks, speaks and calls a tool; streamed as it streams. */
const thinking: Answer = (response, { body }) => {
  const head = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5" };
  if (JSON.parse(body).stream !== true) {
    const whole = { ...head, content: CONTENT, stop_reason: "tool_use", stop_sequence: null, usage: USAGE };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  const block = (index: number, content_block: object, deltas: object[]): void => {
    send("content_block_start", { index, content_block });
    for (const delta of deltas) send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  };
  send("message_start", { message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: USAGE } });
  block(0, { type: "thinking", thinking: "", signature: "" }, [
    { type: "thinking_delta", thinking: "The tool " },
    { type: "thinking_delta", thinking: "knows." },
    { type: "signature_delta", signature: "c2lnbmVk" },
  ]);
  block(1, { type: "text", text: "" }, [{ type: "text_delta", text: "Let me look." }]);
  block(2, { type: "tool_use", id: "toolu_1", name: "look", input: {} }, [
    { type: "input_json_delta", partial_json: '{"city":' },
    { type: "input_json_delta", partial_json: '"Ghent"}' },
  ]);
  send("message_delta", { delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 12 } });
  send("message_stop", {});
  response.end();
};

/** The assistant's turn as it came back to the upstream in the second call. */
function returnedTurn(): unknown {
  return JSON.parse(harness.first.received.at(-1)?.body ?? "{}").messages?.[1];
}
const RETURNED = { role: "assistant", content: CONTENT };
const parameters = { type: "object", properties: { city: { type: "string" } } };

/** Puts a stream together as clients do that know of thoughts: OpenAI's own SDK does not. */
async function gather(ask: Omit<OpenAI.ChatCompletionCreateParamsStreaming, "stream">) {
  const calls: OpenAI.ChatCompletionMessageFunctionToolCall[] = [];
  const message = {
    role: "assistant" as const,
    content: "",
    reasoning_content: "",
    reasoning_details: [] as unknown[],
    tool_calls: calls,
  };
  for await (const { choices } of await openai.chat.completions.create({ ...ask, stream: true })) {
    const delta: Record<string, unknown> = { ...choices[0]?.delta };
    message.content += choices[0]?.delta.content ?? "";
    message.reasoning_content += typeof delta.reasoning_content === "string" ? delta.reasoning_content : "";
    if (Array.isArray(delta.reasoning_details)) message.reasoning_details.push(...delta.reasoning_details);
    for (const { index, id, function: called } of choices[0]?.delta.tool_calls ?? []) {
      calls[index] ??= { id: id ?? "", type: "function", function: { name: called?.name ?? "", arguments: "" } };
      calls[index].function.arguments += called?.arguments ?? "";
    }
  }
  return message;
}

describe("what a model thinks before it calls a tool", () => {
  it.each([false, true])("comes and goes back by chat completions (streamed: %s)", async (isStreamed) => {
    const ask = {
      model: "thinker",
      reasoning_effort: "high" as const,
      messages: [{ role: "user" as const, content: "Weather?" }],
      tools: [{ type: "function" as const, function: { name: "look", parameters } }],
    };
    const message = isStreamed ? await gather(ask) : (await openai.chat.completions.create(ask)).choices[0]?.message;
    expect(JSON.parse(harness.first.received[0]?.body ?? "{}").thinking).toMatchObject({ type: "enabled" });
    if (message === undefined) throw new Error("no message");
    expect(message).toMatchObject({ reasoning_content: "The tool knows.", content: "Let me look." });
    const result = { role: "tool" as const, tool_call_id: "toolu_1", content: "sunny" };
    await openai.chat.completions.create({ ...ask, messages: [...ask.messages, message, result] });
    expect(returnedTurn()).toEqual(RETURNED);
  });

  it.each([false, true])("comes and goes back by responses (streamed: %s)", async (isStreamed) => {
    const ask = {
      model: "thinker",
      reasoning: { effort: "high" as const, summary: "auto" as const },
      input: "Weather?",
      tools: [{ type: "function" as const, name: "look", parameters, strict: null }],
    };
    const answer = isStreamed ? await openai.responses.stream(ask).finalResponse() : await openai.responses.create(ask);
    expect(answer.output.map((item) => item.type)).toEqual(["reasoning", "message", "function_call"]);
    expect(answer.output[0]).toMatchObject({ summary: [{ text: "The tool knows." }] });
    expect(answer.usage).toMatchObject({
      input_tokens: 13,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 12,
    });
    await openai.responses.create({
      ...ask,
      // The SDK's types do not let every item that an answer may hold go back, which the API does.
      input: JSON.parse(
        JSON.stringify([
          { role: "user", content: "Weather?" },
          ...answer.output,
          { type: "function_call_output", call_id: "toolu_1", output: "sunny" },
        ]),
      ),
    });
    expect(returnedTurn()).toEqual(RETURNED);
  });

  it("is shown by the AI SDK", async () => {
    const options = { baseURL: `${harness.origin}/v1`, apiKey: harness.secret };
    const compatible = createOpenAICompatible({ name: "gateway", ...options })("thinker");
    const responses = createOpenAI(options).responses("thinker");
    for (const model of [compatible, responses]) {
      const streamed = streamText({ model, prompt: "Weather?", maxRetries: 0 });
      expect(await streamed.reasoningText).toBe("The tool knows.");
      expect(await streamed.text).toBe("Let me look.");
    }
  });
});
