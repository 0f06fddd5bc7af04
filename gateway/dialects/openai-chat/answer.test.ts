import { describe, expect, it } from "vitest";
import { xaiUsage } from "#gateway/dialects/usage-reader.ts";
import { ANSWER_FACTS } from "#gateway/testing/generations.ts";
import type { StreamPart } from "../generation.ts";
import { openaiChatCaller, openaiChatUpstream, openaiChatUpstreamOf } from "./dialect.ts";

function readStream(...events: unknown[]): StreamPart[] {
  const reader = openaiChatUpstream.streamReader();
  const parts: StreamPart[] = [];
  for (const event of events) {
    const data = typeof event === "string" ? event : JSON.stringify(event);
    reader.push(Buffer.from(`data: ${data}\n\n`), parts);
  }
  reader.end(parts);
  return parts;
}

const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  ...more,
});
const STOP = chunk({}, "stop");
const text = (said: string): StreamPart => ({ kind: "text", choice: 0, text: said });
const START: StreamPart = { kind: "start", id: "chatcmpl-1" };
const FINISH: StreamPart = { kind: "finish", choice: 0, stop: "stop", stopSequence: null };

describe("a stream of chat completion chunks", () => {
  it("is read as OpenAI sends it, obfuscation and all", () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const parts = readStream(
      chunk({ role: "assistant", content: "", refusal: null }, null, { usage: null, obfuscation: "kJ" }),
      chunk({ content: "Hi" }, null, { usage: null, obfuscation: "a9Zs" }),
      chunk({ content: ' "you"\\\n😀' }, null, { usage: null, obfuscation: "" }),
      STOP,
      { id: "chatcmpl-1", choices: [], usage },
      "[DONE]",
    );
    expect(parts).toEqual([
      START,
      text("Hi"),
      text(' "you"\\\n😀'),
      FINISH,
      {
        kind: "usage",
        usage: {
          inputTokens: 12,
          cachedInputTokens: 8,
          cacheWriteTokens: 0,
          outputTokens: 5,
          reasoningTokens: 2,
          source: "upstream",
        },
      },
    ]);
  });

  it("is read where Azure puts its filter's findings first", () => {
    const found = { id: "", choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    expect(readStream(found, chunk({ content: "Hi" }), STOP, "[DONE]")).toEqual([START, text("Hi"), FINISH]);
  });

  it("is read with thoughts by any of their names", () => {
    const thought = (said: string): StreamPart => ({
      kind: "reasoning",
      choice: 0,
      text: said,
      signature: null,
      redacted: null,
    });
    const parts = readStream(
      chunk({ role: "assistant", content: null, reasoning_content: "Hm" }),
      chunk({ reasoning: ", so" }),
      chunk({ content: "Yes" }),
      STOP,
    );
    expect(parts).toEqual([START, thought("Hm"), thought(", so"), text("Yes"), FINISH]);
  });

  it("is read with tool calls that overlap, and with ones that have no index", () => {
    const call = (index: number, id: string, name: string) => ({
      tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }],
    });
    const more = (index: number, json: string) => ({ tool_calls: [{ index, function: { arguments: json } }] });
    const kinds = readStream(
      chunk(call(0, "c1", "look")),
      chunk(call(1, "c2", "ask")),
      chunk(more(1, "{}")),
      chunk(more(0, "{}")),
      chunk({}, "tool_calls"),
    ).map((part) => ("index" in part ? `${part.kind} ${part.index}` : part.kind));
    expect(kinds).toEqual([
      "start",
      "tool_call_start 0",
      "tool_call_start 1",
      "tool_call_arguments 1",
      "tool_call_arguments 0",
      "tool_call_end 0",
      "tool_call_end 1",
      "finish",
    ]);
    const unnumbered = (id: string) => ({ tool_calls: [{ id, function: { name: "look", arguments: '{"a":1}' } }] });
    const starts = readStream(chunk(unnumbered("c1")), chunk(unnumbered("c2")), chunk({}, "tool_calls")).filter(
      (part) => part.kind === "tool_call_start",
    );
    expect(starts).toMatchObject([
      { index: 0, id: "c1" },
      { index: 1, id: "c2" },
    ]);
  });

  it("takes usage where Groq has it, and the last one where it comes with every event", () => {
    const usage = (output: number) => ({ prompt_tokens: 1, completion_tokens: output });
    const groq = readStream(chunk({ content: "Hi" }), { ...STOP, x_groq: { usage: usage(4) } }, "[DONE]");
    expect(groq.at(-1)).toMatchObject({ kind: "usage", usage: { outputTokens: 4 } });
    const every = readStream(chunk({ content: "Hi" }, null, { usage: usage(1) }), { ...STOP, usage: usage(2) });
    expect(every.at(-1)).toMatchObject({ kind: "usage", usage: { outputTokens: 2 } });
  });

  it.each([
    ["an error event", [chunk({ content: "Hi" }), { error: { message: "Overloaded" } }, STOP], "Overloaded"],
    [
      "what is no JSON",
      [chunk({ content: "Hi" }), "{", STOP],
      "The upstream sent an event that could not be understood.",
    ],
    ["an end in the middle", [chunk({ content: "Hi" })], "The upstream broke off its answer."],
    ["nothing at all", [], "The upstream broke off its answer."],
  ])("ends in an error for %s", (_name, events, message) => {
    const parts = readStream(...events);
    expect(parts.at(-1)).toEqual({ kind: "error", message, type: null });
    expect(parts.some((part) => part.kind === "finish")).toBe(false);
  });

  it("bounds an event", () => {
    const reader = openaiChatUpstream.streamReader();
    const parts: StreamPart[] = [];
    for (let mebibyte = 0; mebibyte < 18; mebibyte++) reader.push(Buffer.alloc(1_048_576, 0x78), parts);
    reader.end(parts);
    expect(parts).toMatchObject([{ kind: "error" }]);
  });

  it("is written as OpenAI sends it", () => {
    const out: string[] = [];
    const writer = openaiChatCaller.streamWriter({ ...ANSWER_FACTS, includeUsage: false });
    writer.write([{ kind: "start", id: null }, text("Hi"), FINISH], out);
    writer.end(out);
    const events = out.join("").trimEnd().split("\n\n");
    const shared = {
      id: "chatcmpl-0192",
      object: "chat.completion.chunk",
      created: ANSWER_FACTS.createdSeconds,
      model: "smart",
      system_fingerprint: null,
    };
    const one = (delta: object, finish_reason: string | null) => ({
      ...shared,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    });
    expect(events.slice(0, -1).map((event): unknown => JSON.parse(event.slice("data: ".length)))).toEqual([
      one({ role: "assistant", content: "", refusal: null }, null),
      one({ content: "Hi" }, null),
      one({}, "stop"),
    ]);
    expect(events.at(-1)).toBe("data: [DONE]");
  });
});

describe("a whole chat completion", () => {
  it("is read and written again with everything that is in it", () => {
    const message = {
      role: "assistant",
      content: "Look:",
      refusal: null,
      reasoning_content: "Hm.",
      reasoning_details: [{ type: "reasoning.text", text: "Hm.", signature: "sig" }],
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"a":1}' } }],
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
      annotations: [],
    };
    const body = {
      id: "chatcmpl-1",
      choices: [{ index: 0, message, logprobs: null, finish_reason: "tool_calls" }],
      usage: { prompt_tokens: 3, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 1 } },
    };
    const answer = openaiChatUpstream.readAnswer(body);
    if (answer === null) throw new Error("not read");
    expect(answer.choices[0]).toMatchObject({ stop: "tool_calls" });
    expect(openaiChatCaller.writeAnswer(answer, ANSWER_FACTS)).toMatchObject({
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "smart",
      choices: [{ index: 0, message, finish_reason: "tool_calls" }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: { cached_tokens: 1 } },
    });
  });

  it("counts as its vendor does", () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 4,
      total_tokens: 34,
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    const choices = [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }];
    const answer = openaiChatUpstreamOf(xaiUsage).readAnswer({ choices, usage });
    expect(answer?.usage).toMatchObject({ outputTokens: 24, reasoningTokens: 20 });
  });

  it("tells a refusal as one", () => {
    const choices = [
      { index: 0, message: { role: "assistant", content: null, refusal: "No." }, finish_reason: "stop" },
    ];
    const answer = openaiChatUpstream.readAnswer({ choices });
    expect(answer?.choices[0]?.parts).toEqual([{ kind: "refusal", text: "No." }]);
    const refused = { id: null, usage: null, choices: [{ parts: [], stop: "refusal", stopSequence: null }] } as const;
    expect(openaiChatCaller.writeAnswer(refused, ANSWER_FACTS)).toMatchObject({
      choices: [{ finish_reason: "content_filter" }],
    });
  });

  it.each([[null], ["x"], [{}], [{ choices: [] }], [{ choices: [{}] }], [{ error: { message: "x" } }]])(
    "is nothing else: %j",
    (body) => {
      expect(openaiChatUpstream.readAnswer(body)).toBeNull();
    },
  );

  it.each([
    [{ error: { message: "Bad", code: "x" } }, "Bad"],
    [{ error: "Bad" }, "Bad"],
    [{ object: "error", message: "Bad" }, "Bad"],
    [{ detail: "Bad" }, "Bad"],
    [{}, null],
    [null, null],
  ])("fails in words: %j", (body, message) => {
    expect(openaiChatUpstream.readErrorMessage(body)).toBe(message);
  });
});
