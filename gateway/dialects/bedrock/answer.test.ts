import { EventStreamCodec } from "@smithy/core/event-streams";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostile, merged, readIn } from "#gateway/testing/generations.ts";
import type { StreamPart } from "../generation.ts";
import { bedrockUpstream } from "./dialect.ts";

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

function frame(headers: Record<string, string>, payload: unknown): Buffer {
  const all = Object.entries(headers).map(([name, value]) => [`:${name}`, { type: "string" as const, value }]);
  return Buffer.from(codec.encode({ headers: Object.fromEntries(all), body: Buffer.from(JSON.stringify(payload)) }));
}

type Event = readonly [type: string, payload: unknown];

const wire = (events: readonly Event[]) =>
  Buffer.concat(events.map(([type, body]) => frame({ "event-type": type, "message-type": "event" }, body)));

const ANSWER = {
  output: {
    message: {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "Two calls.", signature: "EqQB" } } },
        { reasoningContent: { redactedContent: "EmwK" } },
        { text: "I look." },
        { toolUse: { toolUseId: "tooluse_1", name: "weather", input: { city: "Bern" } } },
      ],
    },
  },
  stopReason: "tool_use",
  usage: { inputTokens: 10, outputTokens: 50, totalTokens: 83, cacheReadInputTokens: 20, cacheWriteInputTokens: 3 },
  metrics: { latencyMs: 7 },
};

const USAGE = {
  inputTokens: 33,
  cachedInputTokens: 20,
  cacheWriteTokens: 3,
  outputTokens: 50,
  reasoningTokens: 0,
  source: "upstream",
} as const;

/** A stream as the API sends it; `p` is padding. */
const STREAM: readonly Event[] = [
  ["messageStart", { role: "assistant", p: "abc" }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "Zürich, " } } }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "Bern 🗺" } } }],
  ["contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { signature: "EqQB" } } }],
  ["contentBlockStop", { contentBlockIndex: 0 }],
  ["contentBlockDelta", { contentBlockIndex: 1, delta: { text: "I " } }],
  ["contentBlockDelta", { contentBlockIndex: 1, delta: { text: "look." }, p: "abcdef" }],
  ["contentBlockStop", { contentBlockIndex: 1 }],
  ["contentBlockStart", { contentBlockIndex: 2, start: { toolUse: { toolUseId: "tooluse_1", name: "weather" } } }],
  ["contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: '{"city":' } } }],
  ["contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: '"Bern"}' } } }],
  ["contentBlockStop", { contentBlockIndex: 2 }],
  ["contentBlockStart", { contentBlockIndex: 3, start: { toolUse: { toolUseId: "tooluse_2", name: "now" } } }],
  ["contentBlockStop", { contentBlockIndex: 3 }],
  ["messageStop", { stopReason: "tool_use" }],
  ["metadata", { usage: ANSWER.usage, metrics: { latencyMs: 7 } }],
];

const EXPECTED: StreamPart[] = [
  { kind: "start", id: null },
  { kind: "reasoning", choice: 0, text: "Zürich, Bern 🗺", signature: "EqQB", redacted: null },
  { kind: "text", choice: 0, text: "I look." },
  { kind: "tool_call_start", choice: 0, index: 0, id: "tooluse_1", name: "weather", signature: null },
  { kind: "tool_call_arguments", choice: 0, index: 0, json: '{"city":"Bern"}' },
  { kind: "tool_call_end", choice: 0, index: 0 },
  { kind: "tool_call_start", choice: 0, index: 1, id: "tooluse_2", name: "now", signature: null },
  { kind: "tool_call_arguments", choice: 0, index: 1, json: "{}" },
  { kind: "tool_call_end", choice: 0, index: 1 },
  { kind: "finish", choice: 0, stop: "tool_calls", stopSequence: null },
  { kind: "usage", usage: USAGE },
];

describe("a whole answer of Converse", () => {
  it("is read with its usage", () => {
    expect(bedrockUpstream.readAnswer(ANSWER)).toMatchObject({
      id: null,
      usage: USAGE,
      choices: [{ stop: "tool_calls", parts: [{ signature: "EqQB" }, { redacted: "EmwK" }, {}, { id: "tooluse_1" }] }],
    });
  });

  it("is none when it is anything else", () => {
    expect(bedrockUpstream.readAnswer({ message: "No" })).toBeNull();
    expect(bedrockUpstream.readErrorMessage({ message: "No" })).toBe("No");
    fc.assert(
      fc.property(hostile(ANSWER), (body) => {
        bedrockUpstream.readAnswer(body);
        bedrockUpstream.readErrorMessage(body);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a stream of Converse", () => {
  it("is read the same, cut at any byte", () => {
    const bytes = wire(STREAM);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(merged(readIn(bedrockUpstream.streamReader(), bytes, [cut]))).toEqual(EXPECTED);
    }
    expect(merged(readIn(bedrockUpstream.streamReader(), bytes, Array.from(bytes.keys())))).toEqual(EXPECTED);
  });

  it("that breaks off ends in an error, wherever it does", () => {
    const bytes = wire(STREAM.slice(0, -2));
    for (let end = 0; end <= bytes.length; end += 5) {
      expect(readIn(bedrockUpstream.streamReader(), bytes.subarray(0, end), []).at(-1)?.kind).toBe("error");
    }
    const inMetadata = wire(STREAM).subarray(0, -1);
    expect(readIn(bedrockUpstream.streamReader(), inMetadata, []).at(-1)?.kind).toBe("error");
  });

  it("takes exceptions and errors in it for errors, and nothing after them", () => {
    const exception = frame(
      { "message-type": "exception", "exception-type": "throttlingException" },
      { message: "Too many tokens" },
    );
    const bytes = Buffer.concat([wire(STREAM.slice(0, 5)), exception, wire(STREAM.slice(5))]);
    expect(readIn(bedrockUpstream.streamReader(), bytes, []).at(-1)).toEqual({
      kind: "error",
      message: "Too many tokens",
      type: "throttlingException",
    });
    const error = frame({ "message-type": "error", "error-code": "500", "error-message": "Broken" }, {});
    expect(readIn(bedrockUpstream.streamReader(), error, []).at(-1)).toMatchObject({ message: "Broken", type: "500" });
  });

  it("notices any bit that is not as it was sent", () => {
    const bytes = wire(STREAM);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] ?? 0) ^ mask;
        const read = readIn(bedrockUpstream.streamReader(), broken, [at]);
        expect(read.filter((part) => part.kind === "error")).toHaveLength(1);
        expect(read.at(-1)?.kind).toBe("error");
      }),
    );
  });

  it("does not wait for a length that is not true, nor for more than the format allows", () => {
    const out: StreamPart[] = [];
    bedrockUpstream.streamReader().push(Buffer.from("HTTP/1.1 500 Internal Server Error"), out);
    expect(out).toMatchObject([{ kind: "error" }]);
  });

  it("survives events of any form", () => {
    const junk = fc.constantFrom(...STREAM).chain(([type, body]) => hostile(body).map((value): Event => [type, value]));
    fc.assert(
      fc.property(junk, fc.nat({ max: STREAM.length }), (event, at) => {
        readIn(bedrockUpstream.streamReader(), wire([...STREAM.slice(0, at), event, ...STREAM.slice(at)]), []);
      }),
      { numRuns: 200 },
    );
  });
});
