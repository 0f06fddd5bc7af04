import { describe, expect, it } from "vitest";
import { HELLO, requestFacts } from "#gateway/testing/generations.ts";
import { type GenerationRequest, NotCarried } from "../generation.ts";
import { openaiChatCaller, openaiChatUpstream } from "./dialect.ts";

const PNG = "iVBORw0KGgo=";
const asked = { messages: [{ role: "user", content: "Hello" }] };

function read(more: Record<string, unknown>): GenerationRequest {
  const request = openaiChatCaller.readRequest({ ...asked, ...more }, false);
  if (request instanceof NotCarried) throw new Error(`${request.param}: ${request.message}`);
  return request;
}

describe("a request of chat completions", () => {
  it("is read with every kind of content", () => {
    const { system, messages } = read({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "developer", content: [{ type: "text", text: "And kind." }] },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}`, detail: "low" } },
            { type: "image_url", image_url: { url: "https://example.com/a.png" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
            { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          reasoning_content: "Hm.",
          tool_calls: [
            { id: "c1", type: "function", function: { name: "look", arguments: '{"a":1}' } },
            {
              id: "c2",
              type: "function",
              function: { name: "ask", arguments: "{}" },
              extra_content: { google: { thought_signature: "sig" } },
            },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "one" },
        { role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "two" }] },
      ],
    });
    expect(system.map((part) => part.text)).toEqual(["Be brief.", "And kind."]);
    const image = { kind: "image", mediaType: "image/png", source: { kind: "base64", data: PNG } };
    expect(messages).toMatchObject([
      {
        role: "user",
        parts: [
          { kind: "text" },
          { ...image, detail: "low" },
          { kind: "image", mediaType: null, source: { kind: "url", url: "https://example.com/a.png" } },
          { kind: "file", mediaType: "application/pdf", fileName: "a.pdf", source: { data: "JVBERi0=" } },
          { kind: "audio", mediaType: "audio/wav", source: { data: "UklGRg==" } },
        ],
      },
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "Hm.", signature: null },
          { kind: "tool_call", id: "c1", name: "look", argumentsJson: '{"a":1}', signature: null },
          { kind: "tool_call", id: "c2", signature: "gemini:sig" },
        ],
      },
      // Results of one turn stand in one message.
      { role: "user", parts: [{ callId: "c1" }, { callId: "c2", content: [{ text: "two" }] }] },
    ]);
  });

  it("is read with every parameter", () => {
    const request = read({
      max_tokens: 5,
      max_completion_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      presence_penalty: 0.1,
      frequency_penalty: 0,
      seed: 7,
      stop: "END",
      n: 2,
      user: "u1",
      reasoning_effort: "high",
      parallel_tool_calls: false,
      tool_choice: { type: "function", function: { name: "look" } },
      tools: [{ type: "function", function: { name: "look", parameters: { type: "object" }, strict: true } }],
      response_format: { type: "json_schema", json_schema: { name: "out", schema: { type: "object" }, strict: true } },
      logit_bias: { "5": 1 },
      logprobs: false,
      store: false,
    });
    expect(request).toMatchObject({
      maxOutputTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: null,
      seed: 7,
      stop: ["END"],
      candidates: 2,
      user: "u1",
      reasoning: { kind: "effort", effort: "high", isShown: true },
      parallelToolCalls: false,
      toolChoice: { kind: "tool", name: "look" },
      tools: [{ name: "look", strict: true }],
      format: { kind: "schema", name: "out", strict: true },
    });
    expect([...request.extras]).toEqual([["logit_bias", { "5": 1 }]]);
    expect(read({ reasoning_effort: "none" }).reasoning).toEqual({ kind: "off" });
  });

  it.each([
    ["messages", { messages: "x" }],
    ["messages[0].role", { messages: [{ role: "king", content: "x" }] }],
    ["messages[0].content", { messages: [{ role: "user", content: 5 }] }],
    ["messages[0].content[0].type", { messages: [{ role: "user", content: [{ type: "video" }] }] }],
    [
      "messages[0].content[0].file.file_id",
      { messages: [{ role: "user", content: [{ type: "file", file: { file_id: "f" } }] }] },
    ],
    ["messages[0].tool_calls[0].id", { messages: [{ role: "assistant", tool_calls: [{ function: { name: "x" } }] }] }],
    ["temperature", { temperature: "hot" }],
    ["n", { n: 0 }],
    ["tool_choice", { tool_choice: { type: "allowed_tools" } }],
    ["response_format.type", { response_format: { type: "xml" } }],
    ["reasoning_effort", { reasoning_effort: "huge" }],
  ])("is refused for its %s", (param, more) => {
    expect(openaiChatCaller.readRequest({ ...asked, ...more }, false)).toMatchObject({ param });
  });

  it("is written for OpenAI: tools' results as messages of their own, what they show as the user's", () => {
    const image = {
      kind: "image",
      mediaType: "image/png",
      source: { kind: "base64", data: PNG },
      fileName: null,
    } as const;
    const written = openaiChatUpstream.writeRequest(
      {
        ...HELLO,
        stream: true,
        messages: [
          {
            role: "assistant",
            parts: [
              { kind: "reasoning", text: "Hm.", signature: "s", redacted: null },
              { kind: "tool_call", id: "c1", name: "look", argumentsJson: "", signature: null },
            ],
          },
          {
            role: "user",
            parts: [
              {
                kind: "tool_result",
                callId: "c1",
                name: null,
                content: [{ kind: "text", text: "gone" }, image],
                isError: true,
              },
              { kind: "text", text: "And now?" },
            ],
          },
        ],
        reasoning: { kind: "budget", budgetTokens: 9_000, isShown: true },
      },
      requestFacts("gpt-5").facts,
    );
    expect(written).toEqual({
      model: "gpt-5",
      messages: [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c1", content: "Error: gone" },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
            { type: "text", text: "And now?" },
          ],
        },
      ],
      reasoning_effort: "medium",
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("carries another OpenAI dialect's parameters by chat's names, and refuses or drops the rest", () => {
    const request = {
      ...HELLO,
      extras: new Map<string, unknown>([
        ["text.verbosity", "low"],
        ["truncation", "auto"],
      ]),
    };
    const { facts } = requestFacts("gpt-5");
    const from = { ...facts, from: "openai_responses" } as const;
    expect(openaiChatUpstream.writeRequest(request, from)).toMatchObject({ param: "truncation" });
    const dropped: string[] = [];
    const dropping = { ...from, onNotCarried: "drop", onDropped: (param: string) => dropped.push(param) } as const;
    expect(openaiChatUpstream.writeRequest(request, dropping)).toMatchObject({ verbosity: "low" });
    expect(dropped).toEqual(["truncation"]);
    const foreign = { ...HELLO, topK: 5, extras: new Map([["safetySettings", []]]) };
    expect(openaiChatUpstream.writeRequest(foreign, { ...facts, from: "gemini" })).toBeInstanceOf(NotCarried);
  });
});
