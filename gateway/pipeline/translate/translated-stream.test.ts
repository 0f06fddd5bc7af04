import { describe, expect, it } from "vitest";
import { anthropicUpstream } from "#gateway/dialects/anthropic/dialect.ts";
import { openaiChatCaller } from "#gateway/dialects/openai-chat/dialect.ts";
import { ANSWER_FACTS } from "#gateway/testing/generations.ts";
import { TranslatedStream } from "./translated-stream.ts";

const stream = (secret: string | null = null) =>
  new TranslatedStream({
    reader: anthropicUpstream.streamReader(),
    writer: openaiChatCaller.streamWriter(ANSWER_FACTS),
    wholeAnswer: anthropicUpstream.readAnswer,
    secret,
  });
const event = (value: { type: string; [field: string]: unknown }): Buffer =>
  Buffer.from(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);

const START = event({
  type: "message_start",
  message: { id: "msg_1", role: "assistant", content: [], usage: { input_tokens: 7, output_tokens: 1 } },
});
const OPEN = event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
const said = (text: string) => event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
const overloaded = (message: string) => event({ type: "error", error: { type: "overloaded_error", message } });

describe("a translated stream", () => {
  it("says nothing before the model does, so that another target may still be asked", () => {
    const translated = stream();
    expect(translated.push(START)).toHaveLength(0);
    expect(translated.push(overloaded("Overloaded"))).toHaveLength(0);
    expect(translated.problem).toBe("Overloaded");
    expect(translated.end()).toHaveLength(0);
  });

  it("passes on what came before an error, and tells the rest in the caller's dialect", () => {
    const translated = stream();
    const bytes = translated.push(Buffer.concat([START, OPEN, said("Hi"), overloaded("Overloaded"), said("more")]));
    expect(bytes.toString()).toContain('"content":"Hi"');
    expect(bytes.toString()).not.toContain("more");
    expect(translated.textBytes).toBe(2);
    const error = { code: "upstream_error", status: 502, type: "upstream_error", param: null, callId: "req_1" };
    expect(translated.failed({ ...error, message: "Overloaded" }).toString()).toBe(
      `data: ${JSON.stringify({ error: { message: "Overloaded", type: "upstream_error", param: null, code: "upstream_error" } })}\n\n`,
    );
  });

  it("never hands on words that hold the credential", () => {
    const translated = stream("sk-secret");
    translated.push(overloaded("Bad key sk-secret"));
    expect(translated.problem).toBe("The upstream reported an error.");
  });

  it("takes a whole answer where a stream was asked for", () => {
    const whole = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      content: [
        { type: "text", text: "Hi" },
        { type: "tool_use", id: "t1", name: "look", input: { a: 1 } },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 7, output_tokens: 3 },
    };
    const translated = stream();
    const text = JSON.stringify(whole);
    expect(translated.push(Buffer.from(text.slice(0, 20)))).toHaveLength(0);
    expect(translated.push(Buffer.from(text.slice(20)))).toHaveLength(0);
    const events = translated.end().toString();
    expect(events).toContain('"content":"Hi"');
    expect(events).toContain('"name":"look"');
    expect(events).toContain('"finish_reason":"tool_calls"');
    expect(events.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(translated.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
  });

  it("knows when what came is no answer at all", () => {
    const translated = stream();
    translated.push(Buffer.from('{"hello":"world"}'));
    expect(translated.end()).toHaveLength(0);
    expect(translated.problem).toBe("The upstream's answer could not be understood.");
  });
});
