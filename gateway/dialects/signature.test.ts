import { describe, expect, it } from "vitest";
import { ANSWER_FACTS, HELLO, requestFacts, streamOf, written } from "#gateway/testing/generations.ts";
import { anthropicCaller, anthropicUpstream } from "./anthropic/dialect.ts";
import { bedrockUpstream } from "./bedrock/dialect.ts";
import { geminiCaller, geminiUpstream } from "./gemini/dialect.ts";
import { type GenerationAnswer, type GenerationRequest, NotCarried } from "./generation.ts";
import { openaiChatCaller } from "./openai-chat/dialect.ts";
import { ownSignature, tagSignature } from "./signature.ts";

const facts = { ...ANSWER_FACTS, request: HELLO };

/** What Google's newest models answer: a call that must come back with its signature. */
const GEMINI_ANSWER = {
  candidates: [
    {
      content: {
        role: "model",
        parts: [{ functionCall: { id: "c1", name: "weather", args: { city: "Bern" } }, thoughtSignature: "c2ln" }],
      },
      finishReason: "STOP",
    },
  ],
  usageMetadata: { promptTokenCount: 3 },
  responseId: "r1",
};
/** What Claude answers: reasoning that must come back with its signature. */
const CLAUDE_ANSWER = {
  id: "msg_1",
  type: "message",
  content: [
    { type: "thinking", thinking: "Bern it is.", signature: "EqQB" },
    { type: "tool_use", id: "c1", name: "weather", input: { city: "Bern" } },
  ],
  stop_reason: "tool_use",
  usage: { input_tokens: 1, output_tokens: 2 },
};

function request(read: GenerationRequest | NotCarried): GenerationRequest {
  if (read instanceof NotCarried) throw new Error(`${read.param}: ${read.message}`);
  return read;
}

/** Each caller's next turn: it hands back what it was answered, and adds what the tool said. */
const NEXT_TURN = {
  anthropic: (answer: GenerationAnswer) => {
    const { content } = JSON.parse(JSON.stringify(anthropicCaller.writeAnswer(answer, facts)));
    const result = { type: "tool_result", tool_use_id: "c1", content: "9 degrees" };
    return request(
      anthropicCaller.readRequest(
        {
          messages: [
            { role: "user", content: "Hello" },
            { role: "assistant", content },
            { role: "user", content: [result] },
          ],
        },
        false,
      ),
    );
  },
  gemini: (answer: GenerationAnswer) => {
    const body = JSON.parse(JSON.stringify(geminiCaller.writeAnswer(answer, facts)));
    const result = { functionResponse: { id: "c1", name: "weather", response: { output: "9 degrees" } } };
    const contents = [
      { role: "user", parts: [{ text: "Hello" }] },
      body.candidates[0].content,
      { role: "user", parts: [result] },
    ];
    return request(geminiCaller.readRequest({ contents }, false));
  },
  /** As a client of Google's keeps a stream: a content for each chunk. */
  "gemini, streamed": (answer: GenerationAnswer) => {
    const text = written(geminiCaller.streamWriter(facts), streamOf(answer, 3));
    const chunks = text
      .split("\r\n\r\n")
      .filter(Boolean)
      .map((each) => JSON.parse(each.slice("data: ".length)));
    const kept = chunks.map((chunk) => chunk.candidates[0].content);
    const result = { functionResponse: { id: "c1", name: "weather", response: { output: "9 degrees" } } };
    const contents = [{ role: "user", parts: [{ text: "Hello" }] }, ...kept, { role: "user", parts: [result] }];
    return request(geminiCaller.readRequest({ contents }, false));
  },
  chat: (answer: GenerationAnswer) => {
    const body = JSON.parse(JSON.stringify(openaiChatCaller.writeAnswer(answer, facts)));
    const messages = [
      { role: "user", content: "Hello" },
      body.choices[0].message,
      { role: "tool", tool_call_id: "c1", content: "9 degrees" },
    ];
    return request(openaiChatCaller.readRequest({ messages }, false));
  },
};

describe.each(Object.entries(NEXT_TURN))("a signature that a caller hands back: %s", (_name, nextTurn) => {
  it("reaches Google's model again", () => {
    const answer = geminiUpstream.readAnswer(GEMINI_ANSWER);
    if (answer === null) throw new Error("No answer");
    const body = geminiUpstream.writeRequest(nextTurn(answer), requestFacts("gemini-3-flash").facts);
    expect(body).toMatchObject({
      contents: [
        {},
        { parts: [{ functionCall: { name: "weather" }, thoughtSignature: "c2ln" }] },
        { parts: [{ functionResponse: { response: { output: "9 degrees" } } }] },
      ],
    });
  });

  it("reaches Claude again, at Anthropic and at Bedrock", () => {
    const answer = anthropicUpstream.readAnswer(CLAUDE_ANSWER);
    if (answer === null) throw new Error("No answer");
    const next = nextTurn(answer);
    expect(anthropicUpstream.writeRequest(next, requestFacts("claude-sonnet-5").facts)).toMatchObject({
      messages: [{}, { content: [{ thinking: "Bern it is.", signature: "EqQB" }, { type: "tool_use" }] }, {}],
    });
    expect(bedrockUpstream.writeRequest(next, requestFacts("anthropic.claude-sonnet-5").facts)).toMatchObject({
      messages: [
        {},
        { content: [{ reasoningContent: { reasoningText: { signature: "EqQB" } } }, { toolUse: { name: "weather" } }] },
        {},
      ],
    });
  });

  it("stays out of another vendor's sight, and the conversation goes on", () => {
    const answer = anthropicUpstream.readAnswer(CLAUDE_ANSWER);
    if (answer === null) throw new Error("No answer");
    const body = geminiUpstream.writeRequest(nextTurn(answer), requestFacts("gemini-3-flash").facts);
    expect(JSON.stringify(body)).not.toContain("EqQB");
    expect(body).toMatchObject({
      contents: [{}, { parts: [{ thoughtSignature: "skip_thought_signature_validator" }] }, {}],
    });
  });
});

it("a tag names its origin and comes off again", () => {
  for (const origin of ["anthropic", "gemini", "openai"] as const) {
    expect(ownSignature(origin, tagSignature(origin, "c2ln"))).toBe("c2ln");
  }
  expect(ownSignature("anthropic", tagSignature("gemini", "c2ln"))).toBeNull();
  expect(ownSignature("gemini", "c2ln")).toBeNull();
  expect(ownSignature("gemini", null)).toBeNull();
});
