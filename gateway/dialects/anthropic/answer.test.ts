import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANSWER_FACTS,
  arbitraryAnswer,
  hostile,
  merged,
  readIn,
  streamOf,
  written,
} from "#gateway/testing/generations.ts";
import type { StreamPart } from "../generation.ts";
import { anthropicCaller, anthropicUpstream } from "./dialect.ts";

const own = (signature: string) => signature;

const MESSAGE = {
  id: "msg_01",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5",
  content: [
    { type: "thinking", thinking: "Two calls.", signature: "EqQB" },
    { type: "text", text: "I look.", citations: null },
    { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Bern" } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    cache_creation_input_tokens: 3,
    cache_read_input_tokens: 20,
    output_tokens: 50,
    output_tokens_details: { thinking_tokens: 12 },
  },
};

/** A stream as the API sends it, with a ping, thinking, text and two calls. */
const STREAM = [
  {
    type: "message_start",
    message: { id: "msg_01", content: [], usage: { input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 1 } },
  },
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
  { type: "ping" },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Zürich, " } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Bern 🗺" } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "EqQB" } },
  { type: "content_block_stop", index: 0 },
  { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "I look." } },
  { type: "content_block_stop", index: 1 },
  {
    type: "content_block_start",
    index: 2,
    content_block: { type: "tool_use", id: "toolu_1", name: "weather", input: {} },
  },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: "" } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"city":' } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '"Bern"}' } },
  { type: "content_block_stop", index: 2 },
  { type: "content_block_start", index: 3, content_block: { type: "tool_use", id: "toolu_2", name: "now", input: {} } },
  { type: "content_block_stop", index: 3 },
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 50 } },
  { type: "message_stop" },
];

const wire = (events: readonly { type: string }[]) =>
  Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));

const EXPECTED: StreamPart[] = [
  { kind: "start", id: "msg_01" },
  { kind: "reasoning", choice: 0, text: "Zürich, Bern 🗺", signature: "EqQB", redacted: null },
  { kind: "text", choice: 0, text: "I look." },
  { kind: "tool_call_start", choice: 0, index: 0, id: "toolu_1", name: "weather", signature: null },
  { kind: "tool_call_arguments", choice: 0, index: 0, json: '{"city":"Bern"}' },
  { kind: "tool_call_end", choice: 0, index: 0 },
  { kind: "tool_call_start", choice: 0, index: 1, id: "toolu_2", name: "now", signature: null },
  { kind: "tool_call_arguments", choice: 0, index: 1, json: "{}" },
  { kind: "tool_call_end", choice: 0, index: 1 },
  { kind: "finish", choice: 0, stop: "tool_calls", stopSequence: null },
  {
    kind: "usage",
    usage: {
      inputTokens: 30,
      cachedInputTokens: 20,
      cacheWriteTokens: 0,
      outputTokens: 50,
      reasoningTokens: 0,
      source: "upstream",
    },
  },
];

describe("a whole answer", () => {
  it("is read with its usage", () => {
    const answer = anthropicUpstream.readAnswer(MESSAGE);
    expect(answer?.choices[0]).toMatchObject({
      stop: "tool_calls",
      parts: [{ signature: "EqQB" }, {}, { id: "toolu_1" }],
    });
    expect(answer?.usage).toMatchObject({
      inputTokens: 33,
      cachedInputTokens: 20,
      cacheWriteTokens: 3,
      reasoningTokens: 12,
    });
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(arbitraryAnswer(own), (answer) => {
        const body = JSON.parse(JSON.stringify(anthropicCaller.writeAnswer(answer, ANSWER_FACTS)));
        expect(body).toMatchObject({ type: "message", role: "assistant", model: "smart" });
        expect(anthropicUpstream.readAnswer(body)).toEqual(answer);
      }),
    );
  });

  it.each([
    ["stop", "END", "stop_sequence"],
    ["stop", null, "end_turn"],
    ["length", null, "max_tokens"],
    ["pause", null, "pause_turn"],
    ["content_filter", null, "refusal"],
  ] as const)("that ended by %s (%s) says %s", (stop, stopSequence, reason) => {
    const answer = { id: "m", choices: [{ parts: [], stop, stopSequence }], usage: null };
    expect(anthropicCaller.writeAnswer(answer, ANSWER_FACTS)).toMatchObject({
      stop_reason: reason,
      stop_sequence: stopSequence,
    });
  });

  it("keeps a call's signature in reasoning before it, and broken arguments as text", () => {
    const part = { kind: "tool_call", id: "c", name: "t", argumentsJson: '{"a":', signature: "gemini:Zg==" } as const;
    const answer = { id: "m", choices: [{ parts: [part], stop: "length", stopSequence: null } as const], usage: null };
    expect(anthropicCaller.writeAnswer(answer, ANSWER_FACTS)).toMatchObject({
      content: [
        { type: "thinking", thinking: "", signature: "gemini:Zg==" },
        { type: "tool_use", input: { INVALID_JSON: '{"a":' } },
      ],
    });
  });

  it("is none when it is anything else", () => {
    fc.assert(
      fc.property(hostile(MESSAGE), (body) => {
        anthropicUpstream.readAnswer(body);
        anthropicUpstream.readErrorMessage(body);
      }),
      { numRuns: 300 },
    );
    expect(anthropicUpstream.readAnswer({ error: {} })).toBeNull();
    expect(anthropicUpstream.readErrorMessage({ type: "error", error: { type: "x", message: "No" } })).toBe("No");
  });
});

describe("a stream", () => {
  it("is read the same, cut at any byte", () => {
    const bytes = wire(STREAM);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(merged(readIn(anthropicUpstream.streamReader(), bytes, [cut]))).toEqual(EXPECTED);
    }
    const everywhere = Array.from(bytes.keys());
    expect(merged(readIn(anthropicUpstream.streamReader(), bytes, everywhere))).toEqual(EXPECTED);
  });

  it("that breaks off ends in an error, wherever it does", () => {
    const bytes = wire(STREAM.slice(0, -2));
    for (let end = 0; end <= bytes.length; end += 7) {
      expect(readIn(anthropicUpstream.streamReader(), bytes.subarray(0, end), []).at(-1)?.kind).toBe("error");
    }
  });

  it("takes the vendor's error event and garbage for errors, and nothing after them", () => {
    const failed = [
      ...STREAM.slice(0, 9),
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    ];
    const parts = readIn(anthropicUpstream.streamReader(), wire([...failed, ...STREAM.slice(9)]), []);
    expect(parts.at(-1)).toEqual({ kind: "error", message: "Overloaded", type: "overloaded_error" });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 400 }), (garbage, at) => {
        const bytes = wire(STREAM);
        const broken = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from("\n\ndata: {["),
          garbage,
          Buffer.from("\n\n"),
        ]);
        const read = readIn(anthropicUpstream.streamReader(), broken, [at]);
        expect(read.filter((part) => part.kind === "error")).toHaveLength(1);
        expect(read.at(-1)?.kind).toBe("error");
      }),
    );
  });

  it("survives events of any form", () => {
    fc.assert(
      fc.property(fc.constantFrom(...STREAM).chain(hostile), fc.nat({ max: STREAM.length }), (event, at) => {
        const lines = [...STREAM.slice(0, at), event, ...STREAM.slice(at)].map(
          (each) => `data: ${JSON.stringify(each)}\n\n`,
        );
        readIn(anthropicUpstream.streamReader(), Buffer.from(lines.join("")), []);
      }),
      { numRuns: 300 },
    );
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(
        arbitraryAnswer(own),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat({ max: 2_000 })),
        (answer, size, cuts) => {
          const bytes = Buffer.from(written(anthropicCaller.streamWriter(ANSWER_FACTS), streamOf(answer, size)));
          const read = readIn(
            anthropicUpstream.streamReader(),
            bytes,
            cuts.map((cut) => Math.min(cut, bytes.length)),
          );
          expect(merged(read)).toEqual(merged(streamOf(answer, 1_000)));
        },
      ),
    );
  });

  it("opens one block at a time, though calls come at once", () => {
    const call = (index: number) =>
      ({ kind: "tool_call_start", choice: 0, index, id: `c${index}`, name: "t", signature: null }) as const;
    const json = (index: number, text: string) =>
      ({ kind: "tool_call_arguments", choice: 0, index, json: text }) as const;
    const text = written(anthropicCaller.streamWriter(ANSWER_FACTS), [
      { kind: "start", id: "m" },
      call(0),
      json(0, '{"a"'),
      call(1),
      json(1, "{}"),
      { kind: "tool_call_end", choice: 0, index: 1 },
      json(0, ":1}"),
      { kind: "finish", choice: 0, stop: "tool_calls", stopSequence: null },
    ]);
    const events = text
      .split("\n\n")
      .filter(Boolean)
      .map((each) => JSON.parse(each.split("data: ")[1] ?? ""));
    expect(events.map(({ type, index }) => (index === undefined ? type : `${type} ${index}`))).toEqual([
      "message_start",
      "content_block_start 0",
      "content_block_delta 0",
      "content_block_delta 0",
      "content_block_stop 0",
      "content_block_start 1",
      "content_block_delta 1",
      "content_block_stop 1",
      "message_delta",
      "message_stop",
    ]);
  });

  it("holds no more of calls that wait than it may, and opens no blocks without end", () => {
    const call = (index: number) =>
      ({ kind: "tool_call_start", choice: 0, index, id: `c${index}`, name: "t", signature: null }) as const;
    const json = { kind: "tool_call_arguments", choice: 0, index: 1, json: "x".repeat(1_024 * 1_024) } as const;
    const text = written(anthropicCaller.streamWriter(ANSWER_FACTS), [call(0), call(1), ...Array(20).fill(json)]);
    expect(text).toContain("too long");
    expect(text.length).toBeLessThan(1_024 * 1_024);
    const open = Array.from({ length: 1_001 }, (_, index) => ({
      type: "content_block_start",
      index,
      content_block: {},
    }));
    expect(readIn(anthropicUpstream.streamReader(), wire(open), []).at(-1)?.kind).toBe("error");
  });

  it("tells an error as an event and then says no more", () => {
    const writer = anthropicCaller.streamWriter(ANSWER_FACTS);
    const text = written(writer, [
      { kind: "text", choice: 0, text: "Hi" },
      { kind: "error", message: "Gone", type: "strange" },
      { kind: "text", choice: 0, text: "more" },
    ]);
    expect(
      text.endsWith(
        'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Gone","code":"strange"}}\n\n',
      ),
    ).toBe(true);
    expect(text).not.toContain("message_stop");
  });
});
