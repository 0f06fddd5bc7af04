import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { policy, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import type { Answer } from "#gateway/testing/upstream.ts";

let harness: Harness;
let anthropic: Anthropic;
let google: GoogleGenAI;
beforeAll(async () => {
  harness = await Harness.start();
  const at = (url: string) => url.replace(/\/v1$/, "");
  await harness.publish(
    policy(
      [
        upstream("ups_1", at(harness.first.url), { provider: "anthropic" }),
        upstream("ups_2", at(harness.second.url), { provider: "gemini" }),
      ],
      [
        route("claude", [version([target("ups_1", { model: "claude-sonnet-5" })])]),
        route("google", [version([target("ups_2", { model: "gemini-3-flash" })])]),
      ],
    ),
  );
  anthropic = new Anthropic({ baseURL: harness.origin, apiKey: harness.secret, maxRetries: 0 });
  const httpOptions = { baseUrl: harness.origin, retryOptions: { attempts: 1 } };
  google = new GoogleGenAI({ apiKey: harness.secret, vertexai: false, httpOptions });
  harness.first.answer = claude;
  harness.second.answer = gemini;
  await until("the node has the credentials", async () => (await harness.chat("claude")).status !== 401);
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.first.received.length = 0;
  harness.second.received.length = 0;
});

const THOUGHT = { type: "thinking", thinking: "The tool knows.", signature: "EqQB" };
const CALL = { type: "tool_use", id: "toolu_1", name: "look", input: { city: "Ghent" } };
const USAGE = { input_tokens: 9, output_tokens: 12, output_tokens_details: { thinking_tokens: 5 } };

/** What Claude answers when it thinks and calls a tool, whole and streamed. */
const claude: Answer = (response, { body }) => {
  const message = { id: "msg_1", type: "message", role: "assistant", model: "c", stop_sequence: null, usage: USAGE };
  if (JSON.parse(body).stream !== true) {
    const whole = { ...message, content: [THOUGHT, CALL], stop_reason: "tool_use" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
    return;
  }
  const events = [
    { type: "message_start", message: { ...message, content: [], stop_reason: null } },
    { type: "content_block_start", index: 0, content_block: { ...THOUGHT, thinking: "", signature: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "The tool " } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "knows." } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "EqQB" } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { ...CALL, input: {} } },
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"city":"Ghent"}' } },
    { type: "content_block_stop", index: 1 },
    { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: USAGE },
    { type: "message_stop" },
  ];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
};

/** What Gemini answers when it thinks and calls a function, whole and streamed. */
const gemini: Answer = (response, { path }) => {
  const parts = [
    { text: "The tool knows.", thought: true },
    { functionCall: { name: "look", args: { city: "Ghent" } }, thoughtSignature: "c2ln" },
  ];
  const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 7, thoughtsTokenCount: 5, totalTokenCount: 21 };
  const answer = (some: object[], more: object) => ({
    candidates: [{ content: { role: "model", parts: some }, index: 0, ...more }],
    usageMetadata,
    responseId: "r1",
  });
  if (!path.includes("alt=sse")) {
    const whole = JSON.stringify(answer(parts, { finishReason: "STOP" }));
    response.writeHead(200, { "content-type": "application/json" }).end(whole);
    return;
  }
  const chunks = [answer(parts.slice(0, 1), {}), answer(parts.slice(1), { finishReason: "STOP" })];
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(""));
};

const sent = (index: number, from: "first" | "second") => JSON.parse(harness[from].received.at(index)?.body ?? "{}");
const parameters = { type: "object" as const, properties: { city: { type: "string" } } };

describe("Anthropic's client and a model of Google's that thinks", () => {
  it.each([false, true])("gets its thoughts, and hands their signature back (streamed: %s)", async (isStreamed) => {
    const ask = {
      model: "google",
      max_tokens: 9_000,
      messages: [{ role: "user" as const, content: "Look" }],
      thinking: { type: "enabled" as const, budget_tokens: 5_000 },
      tools: [{ name: "look", input_schema: parameters }],
    };
    const answer = isStreamed
      ? await anthropic.messages.stream(ask).finalMessage()
      : await anthropic.messages.create(ask);
    expect(answer.content[0]).toMatchObject({ type: "thinking", thinking: "The tool knows." });
    expect(answer.usage).toMatchObject({ input_tokens: 9, output_tokens: 12 });
    expect(answer.stop_reason).toBe("tool_use");
    expect(sent(0, "second").generationConfig.thinkingConfig).toEqual({ thinkingBudget: 5_000, includeThoughts: true });
    const call = answer.content.find((block) => block.type === "tool_use");
    const result = { type: "tool_result" as const, tool_use_id: call?.id ?? "", content: "9 degrees" };
    await anthropic.messages.create({
      ...ask,
      messages: [...ask.messages, { role: "assistant", content: answer.content }, { role: "user", content: [result] }],
    });
    expect(sent(1, "second").contents).toMatchObject([
      {},
      { role: "model", parts: [{ functionCall: { name: "look", args: { city: "Ghent" } }, thoughtSignature: "c2ln" }] },
      { role: "user", parts: [{ functionResponse: { name: "look", response: { output: "9 degrees" } } }] },
    ]);
  });
});

describe("Google's client and a model of Anthropic's that thinks", () => {
  it.each([false, true])("gets its thoughts, and hands their signature back (streamed: %s)", async (isStreamed) => {
    const config = {
      thinkingConfig: { includeThoughts: true, thinkingBudget: 5_000 },
      tools: [{ functionDeclarations: [{ name: "look", parametersJsonSchema: parameters }] }],
    };
    const chat = google.chats.create({ model: "claude", config });
    const thoughts: string[] = [];
    let thoughtTokens = 0;
    if (isStreamed) {
      for await (const chunk of await chat.sendMessageStream({ message: "Look" })) {
        const parts = chunk.candidates?.[0]?.content?.parts ?? [];
        for (const part of parts) if (part.thought === true) thoughts.push(part.text ?? "");
        thoughtTokens = chunk.usageMetadata?.thoughtsTokenCount ?? thoughtTokens;
      }
    } else {
      const answer = await chat.sendMessage({ message: "Look" });
      for (const part of answer.candidates?.[0]?.content?.parts ?? [])
        if (part.thought === true) thoughts.push(part.text ?? "");
      thoughtTokens = answer.usageMetadata?.thoughtsTokenCount ?? 0;
    }
    expect(thoughts.join("")).toBe("The tool knows.");
    expect(thoughtTokens).toBe(5);
    expect(sent(0, "first")).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "low" },
    });
    const functionResponse = { id: "toolu_1", name: "look", response: { output: "9 degrees" } };
    await chat.sendMessage({ message: [{ functionResponse }] });
    expect(sent(1, "first").messages).toMatchObject([
      {},
      { role: "assistant", content: [THOUGHT, CALL] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1" }] },
    ]);
  });
});
