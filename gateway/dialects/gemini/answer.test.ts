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
import { tagSignature } from "../signature.ts";
import { geminiCaller, geminiUpstream } from "./dialect.ts";

const own = (signature: string) => tagSignature("gemini", signature);

const ANSWER = {
  candidates: [
    {
      content: {
        role: "model",
        parts: [
          { text: "Two calls.", thought: true },
          { text: "I look.", thoughtSignature: "dGV4dA==" },
          { functionCall: { name: "weather", args: { city: "Bern" } }, thoughtSignature: "c2ln" },
          { functionCall: { id: "own", name: "now" } },
        ],
      },
      finishReason: "STOP",
      index: 0,
    },
  ],
  usageMetadata: {
    promptTokenCount: 30,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 40,
    thoughtsTokenCount: 10,
    totalTokenCount: 80,
  },
  modelVersion: "gemini-2.5-flash",
  responseId: "r-1",
};

const USAGE = {
  inputTokens: 30,
  cachedInputTokens: 20,
  cacheWriteTokens: 0,
  outputTokens: 50,
  reasoningTokens: 10,
  source: "upstream",
} as const;

const chunk = (parts: object[], more: object = {}) => ({
  candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 30, totalTokenCount: 31 },
  responseId: "r-1",
});

/** A stream as the API sends it: usage in every chunk, calls whole. */
const STREAM = [
  chunk([{ text: "Zürich, ", thought: true }]),
  chunk([{ text: "Bern 🗺", thought: true }]),
  chunk([{ text: "I " }]),
  chunk([{ text: "look." }]),
  chunk([{ functionCall: { name: "weather", args: { city: "Bern" } }, thoughtSignature: "c2ln" }]),
  { ...chunk([{ text: "" }], { finishReason: "STOP" }), usageMetadata: ANSWER.usageMetadata },
];

const wire = (events: readonly unknown[]) =>
  Buffer.from(events.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join(""));

const EXPECTED: StreamPart[] = [
  { kind: "start", id: "r-1" },
  { kind: "reasoning", choice: 0, text: "Zürich, Bern 🗺", signature: null, redacted: null },
  { kind: "text", choice: 0, text: "I look." },
  { kind: "tool_call_start", choice: 0, index: 0, id: "gcall_r-1_1", name: "weather", signature: "gemini:c2ln" },
  { kind: "tool_call_arguments", choice: 0, index: 0, json: '{"city":"Bern"}' },
  { kind: "tool_call_end", choice: 0, index: 0 },
  { kind: "finish", choice: 0, stop: "tool_calls", stopSequence: null },
  { kind: "usage", usage: USAGE },
];

describe("a whole answer", () => {
  it("is read with its usage, and names calls that have no id", () => {
    const answer = geminiUpstream.readAnswer(ANSWER);
    expect(answer).toMatchObject({ id: "r-1", usage: USAGE, choices: [{ stop: "tool_calls" }] });
    expect(answer?.choices[0]?.parts).toMatchObject([
      { kind: "reasoning", text: "Two calls.", signature: null },
      { kind: "text", text: "I look." },
      { kind: "reasoning", text: "", signature: "gemini:dGV4dA==" },
      { kind: "tool_call", id: "gcall_r-1_1", signature: "gemini:c2ln" },
      { kind: "tool_call", id: "own", argumentsJson: "{}" },
    ]);
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(arbitraryAnswer(own), (answer) => {
        const body = JSON.parse(JSON.stringify(geminiCaller.writeAnswer(answer, ANSWER_FACTS)));
        const usage = answer.usage;
        // This dialect has no word for what was written to a cache.
        expect(geminiUpstream.readAnswer(body)).toEqual({
          ...answer,
          usage: usage && { ...usage, cacheWriteTokens: 0 },
        });
      }),
    );
  });

  it("hands another vendor's signature out in base64", () => {
    const part = { kind: "reasoning", text: "Hm.", signature: "EqQB", redacted: null } as const;
    const answer = { id: "m", choices: [{ parts: [part], stop: "stop", stopSequence: null } as const], usage: null };
    const body = JSON.parse(JSON.stringify(geminiCaller.writeAnswer(answer, ANSWER_FACTS)));
    const [thought] = body.candidates[0].content.parts;
    expect(Buffer.from(thought.thoughtSignature, "base64").toString()).toBe("tp:s:EqQB");
    const contents = [{ role: "user", parts: [{ text: "x" }] }, body.candidates[0].content];
    expect(geminiCaller.readRequest({ contents }, false)).toMatchObject({ messages: [{}, { parts: [part] }] });
  });

  it("that was refused, or is none, is told apart", () => {
    const blocked = geminiUpstream.readAnswer({
      promptFeedback: { blockReason: "SAFETY" },
      usageMetadata: { promptTokenCount: 3 },
    });
    expect(blocked).toMatchObject({ choices: [{ parts: [], stop: "content_filter" }], usage: { inputTokens: 3 } });
    expect(geminiUpstream.readAnswer({ candidates: [] })).toBeNull();
    expect(geminiUpstream.readErrorMessage([{ error: { code: 400, message: "No", status: "INVALID_ARGUMENT" } }])).toBe(
      "No",
    );
    fc.assert(
      fc.property(hostile(ANSWER), (body) => {
        geminiUpstream.readAnswer(body);
        geminiUpstream.readErrorMessage(body);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a stream", () => {
  it("is read the same, cut at any byte", () => {
    const bytes = wire(STREAM);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(merged(readIn(geminiUpstream.streamReader(), bytes, [cut]))).toEqual(EXPECTED);
    }
    expect(merged(readIn(geminiUpstream.streamReader(), bytes, Array.from(bytes.keys())))).toEqual(EXPECTED);
  });

  it("that breaks off ends in an error, wherever it does", () => {
    const bytes = wire(STREAM.slice(0, -1));
    for (let end = 0; end <= bytes.length; end += 7) {
      expect(readIn(geminiUpstream.streamReader(), bytes.subarray(0, end), []).at(-1)?.kind).toBe("error");
    }
  });

  it("takes an error, garbage and media for errors, and nothing after them", () => {
    const error = { error: { code: 503, message: "Overloaded", status: "UNAVAILABLE" } };
    const parts = readIn(geminiUpstream.streamReader(), wire([STREAM[0], error, ...STREAM]), []);
    expect(parts.at(-1)).toEqual({ kind: "error", message: "Overloaded", type: "UNAVAILABLE" });
    const image = chunk([{ inlineData: { mimeType: "image/png", data: "AA==" } }], { finishReason: "STOP" });
    expect(readIn(geminiUpstream.streamReader(), wire([image]), []).at(-1)?.kind).toBe("error");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 400 }), (garbage, at) => {
        const bytes = wire(STREAM);
        const broken = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from("\n\ndata: {["),
          garbage,
          Buffer.from("\n\n"),
        ]);
        const read = readIn(geminiUpstream.streamReader(), broken, [at]);
        expect(read.filter((part) => part.kind === "error")).toHaveLength(1);
        expect(read.at(-1)?.kind).toBe("error");
      }),
    );
  });

  it("survives events of any form", () => {
    fc.assert(
      fc.property(fc.constantFrom(...STREAM).chain(hostile), fc.nat({ max: STREAM.length }), (event, at) => {
        readIn(geminiUpstream.streamReader(), wire([...STREAM.slice(0, at), event, ...STREAM.slice(at)]), []);
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
          const sent = streamOf({ ...answer, usage: answer.usage && { ...answer.usage, cacheWriteTokens: 0 } }, size);
          const bytes = Buffer.from(written(geminiCaller.streamWriter(ANSWER_FACTS), sent));
          const read = readIn(
            geminiUpstream.streamReader(),
            bytes,
            cuts.map((cut) => Math.min(cut, bytes.length)),
          );
          expect(merged(read)).toEqual(merged(sent));
        },
      ),
    );
  });

  it("is one JSON array for who did not ask for events, errors and all", () => {
    const facts = { ...ANSWER_FACTS, asJsonArray: true };
    const array = JSON.parse(written(geminiCaller.streamWriter(facts), EXPECTED));
    expect(array.at(-1)).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: { totalTokenCount: 80 },
    });
    const cut = written(geminiCaller.streamWriter(facts), [
      ...EXPECTED.slice(0, 2),
      { kind: "error", message: "Gone", type: null },
    ]);
    expect(JSON.parse(cut).at(-1)).toEqual({ error: { code: 500, status: "INTERNAL", message: "Gone" } });
    const out: string[] = [];
    geminiCaller.streamWriter(facts).write([{ kind: "error", message: "Gone", type: "upstream_error" }], out);
    expect(JSON.parse(out.join(""))).toMatchObject([{ error: { details: [{ reason: "upstream_error" }] } }]);
  });

  it("holds no more of a call than it may, and takes no candidates without end", () => {
    const start = { kind: "tool_call_start", choice: 0, index: 0, id: "c", name: "t", signature: null } as const;
    const json = { kind: "tool_call_arguments", choice: 0, index: 0, json: "x".repeat(1_024 * 1_024) } as const;
    const text = written(geminiCaller.streamWriter(ANSWER_FACTS), [start, ...Array(20).fill(json)]);
    expect(text).toContain("too long");
    expect(text.length).toBeLessThan(1_024);
    const far = wire([{ candidates: [{ index: 1_000_000, content: { parts: [{ text: "x" }] } }] }]);
    expect(readIn(geminiUpstream.streamReader(), far, []).at(-1)?.kind).toBe("error");
  });

  it("carries several candidates", () => {
    const at = (choice: number, text: string) => ({ kind: "text", choice, text }) as const;
    const finish = (choice: number) => ({ kind: "finish", choice, stop: "stop", stopSequence: null }) as const;
    const sent: StreamPart[] = [{ kind: "start", id: "r" }, at(0, "a"), at(1, "b"), at(0, "c"), finish(0), finish(1)];
    const bytes = Buffer.from(written(geminiCaller.streamWriter(ANSWER_FACTS), sent));
    expect(readIn(geminiUpstream.streamReader(), bytes, [])).toEqual(sent);
  });
});
