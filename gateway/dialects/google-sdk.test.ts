import { ApiError, type FunctionDeclaration, type GenerateContentResponse, GoogleGenAI } from "@google/genai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DialectMatrix, TARGETS } from "#gateway/testing/dialect-matrix.ts";

let matrix: DialectMatrix;
let google: GoogleGenAI;
beforeAll(async () => {
  matrix = await DialectMatrix.start({ retry: { attempts: 1 } });
  google = client(matrix.harness.secret);
});
afterAll(() => matrix.stop());
afterEach(() => matrix.demo.faults.clear());

function client(apiKey: string): GoogleGenAI {
  const httpOptions = { baseUrl: matrix.harness.origin, retryOptions: { attempts: 1 } };
  return new GoogleGenAI({ apiKey, vertexai: false, httpOptions });
}

const ASKED = "What is a gateway?";
const schema = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
};
const declaration = (name: string): FunctionDeclaration => ({ name, parametersJsonSchema: schema });
const routes = TARGETS.map((each) => each.route);
const translated = routes.filter((name) => name !== "to-gemini");

async function all(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const answers: GenerateContentResponse[] = [];
  for await (const answer of stream) answers.push(answer);
  return answers;
}

describe.each(routes)("generateContent %s", (model) => {
  it("answers whole, with usage as the upstream counted it", async () => {
    const config = { systemInstruction: "Be brief.", maxOutputTokens: 500 };
    const answer = await google.models.generateContent({ model, contents: ASKED, config });
    expect(answer.text).toContain(`"${ASKED}"`);
    expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
    const { inputTokens, outputTokens } = matrix.lastCall;
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: inputTokens, candidatesTokenCount: outputTokens });
  });

  it("streams the same text, as events and as one JSON array", async () => {
    const whole = await google.models.generateContent({ model, contents: ASKED });
    const answers = await all(await google.models.generateContentStream({ model, contents: ASKED }));
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.map((answer) => answer.text ?? "").join("")).toBe(whole.text);
    expect(answers.at(-1)?.candidates?.[0]?.finishReason).toBe("STOP");
    expect(answers.at(-1)?.usageMetadata?.candidatesTokenCount).toBe(matrix.lastCall.outputTokens);
    const path = `/v1beta/models/${model}:streamGenerateContent`;
    const body = JSON.stringify({ contents: [{ role: "user", parts: [{ text: ASKED }] }] });
    const headers = { "x-goog-api-key": matrix.harness.secret, "content-type": "application/json" };
    const sent = await matrix.harness.send(path, body, headers);
    expect(sent.headers["content-type"]).toContain("application/json");
    const array: GenerateContentResponse[] = JSON.parse(sent.text);
    const text = array.map((each) => each.candidates?.[0]?.content?.parts?.[0]?.text ?? "").join("");
    expect(text).toBe(whole.text);
  });

  it("calls functions in parallel, whole and streamed, and takes their results in a chat", async () => {
    const config = { tools: [{ functionDeclarations: [declaration("get_weather"), declaration("get_time")] }] };
    const contents = "Please use get_weather and get_time for Ghent";
    const answers = await all(await google.models.generateContentStream({ model, contents, config }));
    const chat = google.chats.create({ model, config });
    const called = await chat.sendMessage({ message: contents });
    const calls = called.functionCalls ?? [];
    expect(calls.map((call) => [call.name, call.args])).toEqual([
      ["get_weather", { city: "Ghent", days: 1 }],
      ["get_time", { city: "Ghent", days: 1 }],
    ]);
    const streamed = answers.flatMap((answer) => answer.functionCalls ?? []);
    expect(streamed.map((call) => call.args)).toEqual(calls.map((call) => call.args));
    const results = calls.map(({ id, name }) => ({
      functionResponse: {
        ...(id === undefined ? {} : { id }),
        ...(name === undefined ? {} : { name }),
        response: { output: "sunny" },
      },
    }));
    const last = await chat.sendMessage({ message: results });
    expect(last.text).toContain("sunny");
  });

  it("answers in the wanted schema", async () => {
    const config = { responseMimeType: "application/json", responseJsonSchema: schema };
    const answer = await google.models.generateContent({ model, contents: ASKED, config });
    expect(Object.keys(JSON.parse(answer.text ?? ""))).toEqual(["city", "days"]);
  });

  it("stops at a length", async () => {
    const config = { maxOutputTokens: 5 };
    const answer = await google.models.generateContent({ model, contents: ASKED, config });
    expect(answer.candidates?.[0]?.finishReason).toBe("MAX_TOKENS");
  });

  it("fails as the SDK knows failures: refused, overloaded, broken off", async () => {
    matrix.demo.faults.set([{ match: {}, effect: { status: 503 } }]);
    const overloaded = google.models.generateContent({ model, contents: ASKED });
    await expect(overloaded).rejects.toMatchObject({ name: "ApiError", status: expect.any(Number) });
    matrix.demo.faults.set([{ match: {}, effect: { status: 400 } }]);
    const refused = google.models.generateContent({ model, contents: ASKED });
    await expect(refused).rejects.toMatchObject({ name: "ApiError", status: 400 });
    matrix.demo.faults.set([{ match: {}, effect: { resetAfterChunks: 3 } }]);
    await expect(google.models.generateContentStream({ model, contents: ASKED }).then(all)).rejects.toThrow();
  });
});

describe.each(translated)("what cannot be carried %s", (model) => {
  it("is refused by the name the caller knows", async () => {
    const search = google.models.generateContent({ model, contents: ASKED, config: { tools: [{ googleSearch: {} }] } });
    await expect(search).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("tools[0].googleSearch"),
    });
    const cached = google.models.generateContent({
      model,
      contents: ASKED,
      config: { cachedContent: "cachedContents/1" },
    });
    await expect(cached).rejects.toMatchObject({ status: 400, message: expect.stringContaining("cachedContent") });
  });
});

describe("embeddings", () => {
  it.each(["to-openai", "to-gemini"])("are the same in a batch and alone, in the wanted length %s", async (model) => {
    const config = { outputDimensionality: 16 };
    const batch = await google.models.embedContent({ model, contents: ["hello world", "good bye"], config });
    expect(batch.embeddings?.map((each) => each.values?.length)).toEqual([16, 16]);
    expect(matrix.lastCall).toMatchObject({ model: "demo-small", outputTokens: 0 });
    const body = JSON.stringify({ content: { parts: [{ text: "hello world" }] }, ...config });
    const sent = await matrix.harness.send(`/v1beta/models/${model}:embedContent`, body);
    const values: number[] = JSON.parse(sent.text).embedding.values;
    expect(values).toHaveLength(16);
    values.forEach((value, at) => {
      expect(value).toBeCloseTo(batch.embeddings?.[0]?.values?.[at] ?? Number.NaN, 5);
    });
    const event = await matrix.harness.event(sent);
    expect(event).toMatchObject({ action: "embed_content", usage: { inputTokens: matrix.lastCall.inputTokens } });
  });

  it("are refused where the target has none, or not what is asked for", async () => {
    const none = google.models.embedContent({ model: "to-anthropic", contents: "x" });
    await expect(none).rejects.toMatchObject({ status: 400 });
    const task = google.models.embedContent({ model: "to-openai", contents: "x", config: { taskType: "CLUSTERING" } });
    await expect(task).rejects.toMatchObject({ status: 400, message: expect.stringContaining("taskType") });
  });
});

describe("a caller of Google's dialect", () => {
  it("is refused in its dialect", async () => {
    const unknown = client("tp_unknown").models.generateContent({ model: "to-openai", contents: ASKED });
    await expect(unknown).rejects.toBeInstanceOf(ApiError);
    await expect(unknown).rejects.toMatchObject({ status: 401 });
    const missing = google.models.generateContent({ model: "nowhere", contents: ASKED });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });
});
