import { EventStreamCodec } from "@smithy/core/event-streams";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestClient, type TestClient } from "../test-client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.upstream.close());
beforeEach(() => client.upstream.ledger.clear());

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);
const SIGNATURE =
  "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-central-1/bedrock/aws4_request, SignedHeaders=host, Signature=00";
const MODEL = "/model/eu.anthropic.claude-sonnet-5-v1%3A0";
const TOOLS = ["get_weather", "get_time"].map((name) => ({
  toolSpec: { name, inputSchema: { json: { type: "object", properties: { city: { type: "string" } } } } },
}));

function send(body: object, verb = "converse", headers = { authorization: SIGNATURE }) {
  return client.post(`${MODEL}/${verb}`, body, headers);
}

const user = (text: string) => ({ messages: [{ role: "user", content: [{ text }] }] });

async function events(body: object) {
  const response = await send(body, "converse-stream");
  expect(response.headers.get("content-type")).toBe("application/vnd.amazon.eventstream");
  const bytes = Buffer.from(await response.arrayBuffer());
  const found: { type: unknown; body: Record<string, never> }[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = codec.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    found.push({ type: headers[":event-type"]?.value, body: JSON.parse(Buffer.from(body).toString()) });
  }
  return found;
}

describe("Bedrock dialect", () => {
  it("answers with the ledger's usage, to a signed request", async () => {
    const answer = await (await send({ system: [{ text: "Be brief" }], ...user("What is a route?") })).json();
    const entry = client.upstream.ledger.page(0, 1).entries[0];
    expect(answer.output.message.content[0].text).toContain("What is a route?");
    expect(answer).toMatchObject({
      stopReason: "end_turn",
      usage: { inputTokens: 2 + 4 + 4, outputTokens: entry?.outputTokens },
    });
    expect(entry).toMatchObject({ dialect: "bedrock", model: "eu.anthropic.claude-sonnet-5-v1:0", stream: false });
  });

  it("streams every event in order, with the same text and usage", async () => {
    const whole = await (await send(user("Hello"))).json();
    const stream = await events(user("Hello"));
    const types = stream.map(({ type }) => type).filter((type) => type !== "contentBlockDelta");
    expect(types).toEqual(["messageStart", "contentBlockStop", "messageStop", "metadata"]);
    const text = stream.map(({ body }) => Object(body.delta).text ?? "").join("");
    expect(text).toBe(whole.output.message.content[0].text);
    expect(stream.at(-1)?.body.usage).toEqual(whole.usage);
  });

  it("calls tools, whole and streamed, and answers their results", async () => {
    const asked = { toolConfig: { tools: TOOLS }, ...user("get_weather and get_time in Bern") };
    const whole = await (await send(asked)).json();
    expect(whole.stopReason).toBe("tool_use");
    expect(whole.output.message.content).toMatchObject([
      { toolUse: { name: "get_weather", input: { city: "Bern" } } },
      { toolUse: { name: "get_time" } },
    ]);
    const starts = (await events(asked)).filter(({ type }) => type === "contentBlockStart");
    expect(starts.map(({ body }) => body.contentBlockIndex)).toEqual([0, 1]);
    const result = { toolResult: { toolUseId: "t", content: [{ text: "noon" }], status: "success" } };
    const answered = await send({ messages: [{ role: "user", content: [result] }] });
    expect((await answered.json()).output.message.content[0].text).toContain("noon");
  });

  it("honours limits, schemas and the prompt cache", async () => {
    const cut = await (await send({ ...user("write 90 words"), inferenceConfig: { maxTokens: 9 } })).json();
    expect(cut).toMatchObject({ stopReason: "max_tokens", usage: { outputTokens: 9 } });
    const structure = { jsonSchema: { schema: JSON.stringify({ type: "array", items: { type: "boolean" } }) } };
    const shaped = await send({ ...user("x"), outputConfig: { textFormat: { type: "json_schema", structure } } });
    expect(JSON.parse((await shaped.json()).output.message.content[0].text)).toEqual([true]);
    const cached = await client.post("/model/demo-cached/converse", user("0123456789abcdef"));
    expect((await cached.json()).usage).toMatchObject({ inputTokens: 4, cacheReadInputTokens: 4 });
  });

  it("refuses in its dialect", async () => {
    const refused = await send({ messages: [] });
    expect(refused.status).toBe(400);
    expect(refused.headers.get("x-amzn-errortype")).toBe("ValidationException");
    expect(await refused.json()).toMatchObject({ message: expect.any(String) });
    const twice = await send({ messages: [...user("a").messages, ...user("b").messages] });
    expect(twice.status).toBe(400);
    expect((await send({}, "converse", { authorization: "" })).status).toBe(401);
  });
});
