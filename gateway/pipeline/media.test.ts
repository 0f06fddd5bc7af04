import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoUpstream, startDemoUpstream } from "#demo/upstream/server.ts";
import { route, target, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { CacheRule } from "#lib/contract/cache-rule.ts";

let harness: Harness;
let demo: DemoUpstream;
let openai: OpenAI;

beforeAll(async () => {
  harness = await Harness.start();
  demo = await startDemoUpstream({ port: 0, host: "127.0.0.1" });
  const upstreams = [
    upstream("ups_1", `${demo.url}/v1`, { provider: "openai_compatible" }),
    upstream("ups_2", demo.url, { provider: "gemini" }),
    upstream("ups_3", harness.second.url, { provider: "mistral" }),
  ];
  const routes = [
    route("smart", [version([target("ups_1", { model: "demo-large" })])]),
    route("kept", [
      version([target("ups_2", { model: "demo-small" })], { cache: CacheRule.parse({ ttlSeconds: 60 }) }),
    ]),
    route("gem", [version([target("ups_2", { model: "demo-small" })])]),
    route("fussy", [version([target("ups_3", { model: "mistral-small" })])]),
  ];
  await harness.publish(harness.document({ upstreams, routes }));
  harness.plane.setCredentials([
    { id: "cred_1", upstreamId: "ups_1", kind: "apiKey", secret: "sk-first-secret-of-the-upstream" },
    { id: "cred_2", upstreamId: "ups_2", kind: "apiKey", secret: "sk-second-secret-of-the-upstream" },
  ]);
  openai = new OpenAI({ apiKey: harness.secret, baseURL: `${harness.origin}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await harness.stop();
  await demo.close();
});

function served() {
  const entry = demo.ledger.page(0, 10_000).entries.at(-1);
  if (entry === undefined) throw new Error("The ledger is empty");
  return entry;
}

/** The usage event of the last call that the demo upstream served. */
async function event(response: Response) {
  const id = response.headers.get("x-request-id") ?? "";
  return harness.event({ status: 200, headers: { "x-request-id": id }, text: "", isCut: false });
}

const recording = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256));

describe("the official SDK, through the node, to the demo upstream", () => {
  it("transcribes a recording: only the model's name is another", async () => {
    const file = await toFile(recording, "a.wav");
    const { data, response } = await openai.audio.transcriptions
      .create({ model: "smart@1.0.0", file, temperature: 0.2 })
      .withResponse();
    expect(data.text).toContain(`received ${recording.length} bytes`);
    const { usage, action, model } = await event(response);
    expect(action).toBe("audio.transcriptions");
    expect(model).toBe("demo-large");
    expect(usage).toMatchObject({ source: "upstream", outputTokens: served().outputTokens });
  });

  it("gets a transcription as text, as the upstream wrote it", async () => {
    const file = await toFile(recording, "a.wav");
    const answer: unknown = await openai.audio.transcriptions.create({ model: "smart", file, response_format: "text" });
    expect(answer).toContain("bytes of audio");
  });

  it("gets speech as the bytes it is", async () => {
    const response = await openai.audio.speech.create({ model: "smart", voice: "alloy", input: "Hello" });
    expect(response.headers.get("content-type")).toBe("audio/wav");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 4).toString()).toBe("RIFF");
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  });

  it("makes and edits pictures", async () => {
    const { data: made, response } = await openai.images
      .generate({ model: "smart", prompt: "a mill", n: 2, stream: false })
      .withResponse();
    expect(made.data).toHaveLength(2);
    expect((await event(response)).usage.outputTokens).toBe(served().outputTokens);
    const image = await toFile(Buffer.from("not really a picture"), "a.png", { type: "image/png" });
    const edited = await openai.images.edit({ model: "smart", prompt: "a mill", image, stream: false });
    expect(edited.data).toHaveLength(1);
  });

  it("moderates, embeds and reranks", async () => {
    const verdict = await openai.moderations.create({ model: "smart", input: "I hate you" });
    expect(verdict.results[0]?.flagged).toBe(true);
    const vectors = await openai.embeddings.create({ model: "smart", input: ["a", "b"] });
    expect(vectors.data).toHaveLength(2);
    const body = JSON.stringify({ model: "smart", query: "mill", documents: ["a lake", "a mill"] });
    const answer = await harness.send("/v1/rerank", body);
    expect(JSON.parse(answer.text).results[0].index).toBe(1);
    expect((await harness.event(answer)).usage.inputTokens).toBe(served().inputTokens);
  });
});

describe("a call without a model", () => {
  it.each([
    ["/v1/moderations", '{"input":"x"}'],
    ["/v1/images/generations", '{"prompt":"x"}'],
    ["/v1/rerank", '{"query":"x","documents":["x"]}'],
  ])("to %s names what is missing", async (path, body) => {
    const answer = await harness.send(path, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).error).toMatchObject({ param: "model", code: "invalid_request" });
  });

  it("in a form does too", async () => {
    const form = new FormData();
    form.append("file", new Blob(["x"]), "a.wav");
    const response = await fetch(`${harness.origin}/v1/audio/transcriptions`, {
      method: "POST",
      body: form,
      headers: { authorization: `Bearer ${harness.secret}` },
    });
    expect(response.status).toBe(400);
    expect((await response.json()).error.param).toBe("model");
  });
});

describe("Gemini's paths", () => {
  const body = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
  const headers = () => ({ "x-goog-api-key": harness.secret, "content-type": "application/json" });

  it("take the model and its version from the path, encoded or not", async () => {
    for (const model of ["gem", "gem@1.0.0", "gem%401.0"]) {
      const answer = await harness.send(`/v1beta/models/${model}:generateContent`, body, headers());
      expect(answer.status).toBe(200);
      expect(answer.headers["x-turnpike-route"]).toBe("gem@1.0.0");
      expect(served()).toMatchObject({ model: "demo-small" });
      const { usage } = await harness.event(answer);
      expect(usage).toMatchObject({ source: "upstream", inputTokens: served().inputTokens });
    }
  });

  it("stream events to those who ask for them, and an array to others", async () => {
    const events = await harness.send("/v1beta/models/gem:streamGenerateContent?alt=sse", body, headers());
    expect(events.headers["content-type"]).toContain("text/event-stream");
    expect(events.text).toMatch(/^data: \{/);
    expect((await harness.event(events)).usage.outputTokens).toBe(served().outputTokens);
    const array = await harness.send("/v1beta/models/gem:streamGenerateContent", body, headers());
    expect(array.headers["content-type"]).toContain("application/json");
    expect(Array.isArray(JSON.parse(array.text))).toBe(true);
  });

  it("keep a stream's two forms apart in the cache", async () => {
    const path = "/v1beta/models/kept:streamGenerateContent";
    for (const cache of ["miss", "hit"]) {
      const events = await harness.send(`${path}?alt=sse`, body, headers());
      expect([events.headers["x-turnpike-cache"], events.text.slice(0, 6)]).toEqual([cache, "data: "]);
      const array = await harness.send(path, body, headers());
      expect([array.headers["x-turnpike-cache"], array.text.slice(0, 1)]).toEqual([cache, "["]);
    }
  });

  it("embed, and put the target in the place of a model that the body names", async () => {
    const content = { model: "models/gem", content: { parts: [{ text: "Hello" }] } };
    const answer = await harness.send("/v1beta/models/gem:embedContent", JSON.stringify(content), headers());
    expect(answer.status).toBe(200);
    const other = JSON.stringify({ ...content, model: "models/other" });
    const refused = await harness.send("/v1beta/models/gem:embedContent", other, headers());
    expect([refused.status, JSON.parse(refused.text).error.status]).toEqual([400, "INVALID_ARGUMENT"]);
  });
});

describe("models are listed", () => {
  it("in the format of who asks", async () => {
    const list = async (path: string, headers: Record<string, string>) =>
      JSON.parse((await harness.send(path, null, headers)).text);
    const key = harness.secret;
    const openaiList = await list("/v1/models", { authorization: `Bearer ${key}` });
    expect(openaiList.data.map(({ id }: { id: string }) => id).toSorted()).toEqual(["fussy", "gem", "kept", "smart"]);
    const anthropic = await list("/v1/models", { "x-api-key": key, "anthropic-version": "2023-06-01" });
    expect(anthropic).toMatchObject({ has_more: false, data: [{ type: "model" }, {}, {}, {}] });
    const gemini = await list("/v1beta/models", { "x-goog-api-key": key });
    expect(gemini.models.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      "models/fussy",
      "models/gem",
      "models/kept",
      "models/smart",
    ]);
    const one = await list("/v1beta/models/gem", { "x-goog-api-key": key });
    expect(one.supportedGenerationMethods).toContain("embedContent");
    const none = await harness.send("/v1beta/models/none", null, { "x-goog-api-key": key });
    expect([none.status, JSON.parse(none.text).error.status]).toEqual([404, "NOT_FOUND"]);
    const unknown = await harness.send("/v1/models/none", null, {
      "x-api-key": key,
      "anthropic-version": "2023-06-01",
    });
    expect(JSON.parse(unknown.text)).toMatchObject({ type: "error", error: { type: "not_found_error" } });
  });
});

describe("a vendor's ways", () => {
  it("are kept: another name for the bound, no question for usage", async () => {
    await harness.chat("fussy", { max_completion_tokens: 9, stream_options: { include_usage: true } });
    const sent = JSON.parse(harness.second.received.at(-1)?.body ?? "");
    expect(sent).toEqual({ model: "mistral-small", max_tokens: 9, messages: expect.any(Array) });
  });
});

describe("a credential that cannot be used", () => {
  it("ends the attempt as its refusal would, before anything is sent", async () => {
    const options = { project: "p1", location: "europe-west4" };
    const vertex = upstream("ups_9", demo.url, { provider: "vertex_ai", options });
    const routes = [route("vertex", [version([target("ups_9", { model: "gemini-2.5-flash" })])])];
    await harness.publish(harness.document({ upstreams: [vertex], routes }));
    harness.plane.setCredentials([{ id: "cred_9", upstreamId: "ups_9", kind: "serviceAccount", secret: "{}" }]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const body = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    const before = demo.ledger.page(0, 10_000).entries.length;
    const headers = { "x-goog-api-key": harness.secret };
    const answer = await harness.send("/v1beta/models/vertex:generateContent", body, headers);
    expect([answer.status, JSON.parse(answer.text).error.details[0].reason]).toEqual([502, "upstream_error"]);
    expect(demo.ledger.page(0, 10_000).entries).toHaveLength(before);
    expect((await harness.event(answer)).decision.attempts[0]).toMatchObject({ status: 401, error: "status" });
  });
});
