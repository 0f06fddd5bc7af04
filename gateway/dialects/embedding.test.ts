import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostile, requestFacts } from "#gateway/testing/generations.ts";
import type { EmbeddingCaller, EmbeddingRequest } from "./embedding.ts";
import { geminiBatchEmbeddingCaller, geminiEmbeddingCaller, geminiEmbeddingUpstream } from "./embedding-gemini.ts";
import { openaiEmbeddingCaller, openaiEmbeddingUpstream } from "./embedding-openai.ts";
import { NotCarried } from "./generation.ts";

const content = (text: string) => ({ parts: [{ text }] });
const usage = (inputTokens: number) => ({
  inputTokens,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  source: "upstream",
});

function read(caller: EmbeddingCaller, body: object): EmbeddingRequest {
  const request = caller.readRequest({ ...body });
  if (request instanceof NotCarried) throw new Error(`${request.param}: ${request.message}`);
  return request;
}

describe("embeddings asked in OpenAI's dialect", () => {
  it("are asked of Gemini in one batch", () => {
    const request = read(openaiEmbeddingCaller, { model: "m", input: ["a", "b"], dimensions: 3, user: "u" });
    const { facts, dropped } = requestFacts("gemini-embedding-001");
    const one = (text: string) => ({
      model: "models/gemini-embedding-001",
      content: content(text),
      outputDimensionality: 3,
    });
    expect(geminiEmbeddingUpstream.writeRequest(request, facts)).toEqual({ requests: [one("a"), one("b")] });
    expect(dropped).toEqual(["user"]);
    const answer = geminiEmbeddingUpstream.readAnswer({
      embeddings: [{ values: [0.5, 1] }, { values: [0, -1] }],
      usageMetadata: { promptTokenCount: 4 },
    });
    if (answer === null) throw new Error("No answer");
    expect(openaiEmbeddingCaller.writeAnswer(answer, request.form, "m")).toEqual({
      object: "list",
      model: "m",
      data: [
        { object: "embedding", index: 0, embedding: [0.5, 1] },
        { object: "embedding", index: 1, embedding: [0, -1] },
      ],
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
  });

  it("are packed as floats in base64 for who wants them so", () => {
    const request = read(openaiEmbeddingCaller, { input: "a", encoding_format: "base64" });
    const vector = [0.5, -0.25, 3];
    const body = openaiEmbeddingCaller.writeAnswer({ vectors: [vector], usage: null }, request.form, "m");
    expect(openaiEmbeddingUpstream.readAnswer(body)).toMatchObject({ vectors: [vector] });
  });

  it.each([
    [{ input: [1, 2] }, "input", false],
    [{ input: [] }, "input", true],
    [{ input: ["a", null] }, "input[1]", true],
    [{ input: "a", encoding_format: "hex" }, "encoding_format", true],
  ])("are refused where they cannot be read: %j", (body, param, isInvalid) => {
    expect(openaiEmbeddingCaller.readRequest(body)).toMatchObject({ param, isInvalid });
  });
});

describe("embeddings asked in Gemini's dialect", () => {
  it("are asked of OpenAI, single and in a batch", () => {
    const single = read(geminiEmbeddingCaller, { content: content("a"), outputDimensionality: 2 });
    const { facts } = requestFacts("text-embedding-3-small");
    const model = "text-embedding-3-small";
    const wanted = { model, input: ["a"], encoding_format: "float", dimensions: 2 };
    expect(openaiEmbeddingUpstream.writeRequest(single, facts)).toEqual(wanted);
    const batch = read(geminiBatchEmbeddingCaller, {
      requests: [{ model: "models/m", content: content("a") }, { content: content("b") }],
    });
    expect(openaiEmbeddingUpstream.writeRequest(batch, facts)).toMatchObject({ input: ["a", "b"] });
    const data = [
      { object: "embedding", index: 1, embedding: [2] },
      { object: "embedding", index: 0, embedding: [1] },
    ];
    const answer = openaiEmbeddingUpstream.readAnswer({ data, usage: { prompt_tokens: 2, total_tokens: 2 } });
    if (answer === null) throw new Error("No answer");
    expect(answer.usage).toEqual(usage(2));
    const told = { usageMetadata: { promptTokenCount: 2, totalTokenCount: 2 } };
    expect(geminiBatchEmbeddingCaller.writeAnswer(answer, batch.form, "m")).toEqual({
      embeddings: [{ values: [1] }, { values: [2] }],
      ...told,
    });
    expect(geminiEmbeddingCaller.writeAnswer(answer, single.form, "m")).toEqual({
      embedding: { values: [1] },
      ...told,
    });
  });

  it("keep their task on the way to Gemini, and are refused by it on any other", () => {
    const request = read(geminiEmbeddingCaller, { content: content("a"), taskType: "RETRIEVAL_QUERY" });
    const { facts } = requestFacts("m");
    expect(geminiEmbeddingUpstream.writeRequest(request, facts)).toMatchObject({
      requests: [{ taskType: "RETRIEVAL_QUERY" }],
    });
    expect(openaiEmbeddingUpstream.writeRequest(request, facts)).toMatchObject({ param: "taskType" });
    const dropping = requestFacts("m", "drop");
    expect(openaiEmbeddingUpstream.writeRequest(request, dropping.facts)).not.toHaveProperty("taskType");
    expect(dropping.dropped).toEqual(["taskType"]);
  });

  it("are refused where a batch asks for different things, or for what is no text", () => {
    const requests = [
      { content: content("a"), outputDimensionality: 2 },
      { content: content("b"), outputDimensionality: 3 },
    ];
    expect(geminiBatchEmbeddingCaller.readRequest({ requests })).toMatchObject({
      param: "requests.outputDimensionality",
    });
    const image = { parts: [{ inlineData: {} }] };
    expect(geminiEmbeddingCaller.readRequest({ content: image })).toMatchObject({
      param: "content.parts[0].inlineData",
    });
  });
});

it("nothing throws, whatever comes", () => {
  const bodies = [
    { input: ["a"], dimensions: 3, encoding_format: "float", user: "u" },
    { requests: [{ model: "m", content: content("a"), outputDimensionality: 2, taskType: "X" }] },
    { content: content("a"), title: "t" },
    { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 1 } },
    { embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: 1 } },
  ];
  fc.assert(
    fc.property(fc.constantFrom(...bodies).chain(hostile), (body) => {
      for (const upstream of [openaiEmbeddingUpstream, geminiEmbeddingUpstream]) {
        upstream.readAnswer(body);
        upstream.readErrorMessage(body);
      }
      if (typeof body !== "object" || body === null || Array.isArray(body)) return;
      const object = Object.fromEntries(Object.entries(body));
      for (const caller of [openaiEmbeddingCaller, geminiEmbeddingCaller, geminiBatchEmbeddingCaller]) {
        caller.readRequest(object);
      }
    }),
    { numRuns: 500 },
  );
});
