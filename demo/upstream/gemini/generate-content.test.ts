import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sseData, startTestClient, type TestClient } from "../test-client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.upstream.close());
beforeEach(() => client.upstream.ledger.clear());

const MODEL = "/v1beta/models/demo-small";

function send(verb: string, body: object) {
  return client.post(`${MODEL}:${verb}`, body, { "x-goog-api-key": "k" });
}

const user = (text: string) => ({ contents: [{ role: "user", parts: [{ text }] }] });

interface Chunk {
  candidates: { content: { parts: { text?: string; functionCall?: object }[] }; finishReason?: string }[];
  usageMetadata: { promptTokenCount: number; candidatesTokenCount: number };
}

const textOf = (chunks: Chunk[]) => chunks.map((chunk) => chunk.candidates[0]?.content.parts[0]?.text ?? "").join("");

describe("Gemini dialect", () => {
  it("generates content with the ledger's usage", async () => {
    const answer = await (await send("generateContent", user("What is a plan?"))).json();
    const [entry] = client.upstream.ledger.page(0, 1).entries;
    expect(textOf([answer])).toContain("What is a plan?");
    expect(answer.candidates[0].finishReason).toBe("STOP");
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 8, candidatesTokenCount: entry?.outputTokens });
    expect(entry).toMatchObject({ dialect: "gemini", model: "demo-small", inputTokens: 8, stream: false });
  });

  it("streams as SSE and as a JSON array, with the same text", async () => {
    const whole = await (await send("generateContent", user("Hello"))).json();
    const sse = sseData(await (await send("streamGenerateContent?alt=sse", user("Hello"))).text()) as Chunk[];
    const array: Chunk[] = await (await send("streamGenerateContent", user("Hello"))).json();
    expect(array.length).toBeGreaterThan(5);
    expect(textOf(sse)).toBe(textOf([whole]));
    expect(textOf(array)).toBe(textOf([whole]));
    expect(sse.at(-1)?.candidates[0]?.finishReason).toBe("STOP");
    expect(sse.at(-1)?.usageMetadata).toEqual(whole.usageMetadata);
    const streamed = client.upstream.ledger.page(0, 10).entries.filter((entry) => entry.stream);
    expect(streamed.map((entry) => entry.outputTokens)).toEqual(
      Array(2).fill(whole.usageMetadata.candidatesTokenCount),
    );
  });

  it("honours maxOutputTokens and candidateCount", async () => {
    const generationConfig = { maxOutputTokens: 6, candidateCount: 2 };
    const body = { ...user("write 80 words"), generationConfig };
    const answer = await (await send("generateContent", body)).json();
    expect(answer.candidates.map((candidate: { finishReason: string }) => candidate.finishReason)).toEqual(
      Array(2).fill("MAX_TOKENS"),
    );
    expect(answer.usageMetadata.candidatesTokenCount).toBe(12);
    const array: Chunk[] = await (await send("streamGenerateContent", body)).json();
    expect(array.at(-1)?.usageMetadata.candidatesTokenCount).toBe(12);
  });

  it("calls functions, whole and streamed, and satisfies a schema", async () => {
    const parameters = { type: "OBJECT", properties: { city: { type: "STRING" } } };
    const tools = [{ functionDeclarations: [{ name: "get_weather", parameters }] }];
    const call = { functionCall: { name: "get_weather", args: { city: "Lima" } } };
    const body = { ...user("get_weather in Lima"), tools };
    const answer = await (await send("generateContent", body)).json();
    expect(answer.candidates[0].content.parts).toEqual([call]);
    const array: Chunk[] = await (await send("streamGenerateContent", body)).json();
    expect(array.at(-1)?.candidates[0]?.content.parts).toEqual([call]);
    const [first, second] = client.upstream.ledger.page(0, 2).entries;
    expect(second?.outputTokens).toBe(first?.outputTokens);
    const generationConfig = {
      responseMimeType: "application/json",
      responseSchema: { type: "ARRAY", items: { type: "BOOLEAN" } },
    };
    const shaped = await (await send("generateContent", { ...user("x"), generationConfig })).json();
    expect(JSON.parse(textOf([shaped]))).toEqual([true]);
  });

  it("embeds, counts and lists", async () => {
    const content = { parts: [{ text: "hello world" }] };
    const { embedding } = await (await send("embedContent", { content, outputDimensionality: 16 })).json();
    expect(embedding.values.reduce((sum: number, value: number) => sum + value * value, 0)).toBeCloseTo(1, 5);
    expect(await (await send("countTokens", user("12345678"))).json()).toEqual({ totalTokens: 6 });
    const listed = await fetch(`${client.upstream.url}/v1beta/models`, { headers: { "x-goog-api-key": "k" } });
    expect((await listed.json()).models[0]).toMatchObject({ name: "models/demo-small" });
  });

  it("refuses in its dialect", async () => {
    const refused = await send("generateContent", {});
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 400, status: "INVALID_ARGUMENT" } });
    expect((await send("fly", {})).status).toBe(404);
  });
});
