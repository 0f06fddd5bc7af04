import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sseData, startTestClient, type TestClient } from "../test-client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.upstream.close());
beforeEach(() => client.upstream.ledger.clear());

const TOOLS = [
  { name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } },
  { name: "get_time", input_schema: { type: "object", properties: {} } },
];

function send(body: object, path = "/v1/messages") {
  const headers = { "x-api-key": "k", "anthropic-version": "2023-06-01" };
  return client.post(path, { model: "demo-small", max_tokens: 200, ...body }, headers);
}

const user = (content: unknown) => ({ messages: [{ role: "user", content }] });

interface Event {
  type: string;
  index?: number;
  delta?: { type?: string; text?: string; partial_json?: string; stop_reason?: string };
  usage?: object;
  content_block?: { type: string; name?: string };
}

async function streamEvents(body: object): Promise<Event[]> {
  const response = await send({ ...body, stream: true });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  return sseData(await response.text()) as Event[];
}

describe("POST /v1/messages", () => {
  it("answers with content blocks and the ledger's usage", async () => {
    const response = await send({ system: "Be brief", ...user([{ type: "text", text: "What is a route?" }]) });
    const answer = await response.json();
    const entry = client.upstream.ledger.page(0, 1).entries[0];
    expect(answer).toMatchObject({ type: "message", role: "assistant", stop_reason: "end_turn", stop_sequence: null });
    expect(answer.content[0].text).toContain("What is a route?");
    expect(answer.usage).toMatchObject({ input_tokens: 2 + 4 + 4, output_tokens: entry?.outputTokens });
    expect(response.headers.get("request-id")).toBe(entry?.id);
  });

  it("streams every event in order, with the same text and usage", async () => {
    const whole = await (await send(user("Hello"))).json();
    const events = await streamEvents(user("Hello"));
    const types = events.map((event) => event.type).filter((type) => type !== "content_block_delta");
    expect(types).toEqual([
      "message_start",
      "content_block_start",
      "ping",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events.map((event) => event.delta?.text ?? "").join("")).toBe(whole.content[0].text);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "end_turn" }, usage: whole.usage });
  });

  it("streams tool calls as blocks with JSON in pieces", async () => {
    const events = await streamEvents({ tools: TOOLS, ...user("get_weather and get_time in Bern") });
    const starts = events.filter((event) => event.type === "content_block_start");
    expect(starts.map((event) => [event.index, event.content_block?.name])).toEqual([
      [0, "get_weather"],
      [1, "get_time"],
    ]);
    const json = events.filter((event) => event.index === 0).map((event) => event.delta?.partial_json ?? "");
    expect(JSON.parse(json.join(""))).toEqual({ city: "Bern" });
    expect(events.filter((event) => event.type === "content_block_stop").map((event) => event.index)).toEqual([0, 1]);
    expect(events.at(-2)?.delta?.stop_reason).toBe("tool_use");
  });

  it("obeys tool_choice and answers tool results in text", async () => {
    const forced = await send({ tools: TOOLS, tool_choice: { type: "tool", name: "get_time" }, ...user("Hello") });
    expect((await forced.json()).content).toMatchObject([{ type: "tool_use", name: "get_time", input: {} }]);
    const result = await send({ tools: TOOLS, ...user([{ type: "tool_result", tool_use_id: "t", content: "noon" }]) });
    expect((await result.json()).content[0].text).toContain("noon");
  });

  it("honours max_tokens and stop_sequences, and requires max_tokens", async () => {
    const cut = await (await send({ ...user("write 90 words"), max_tokens: 9 })).json();
    expect(cut).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 9 } });
    const stopped = await (await send({ ...user("Hello"), stop_sequences: ["demo"] })).json();
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "demo" });
    const missing = await send({ ...user("Hello"), max_tokens: undefined });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
  });

  it("counts tokens as the call itself does, and books none", async () => {
    const counted = await (await send(user("Four words for you"), "/v1/messages/count_tokens")).json();
    expect(client.upstream.ledger.totals()).toMatchObject({ requests: 1, inputTokens: 0 });
    const answer = await (await send(user("Four words for you"))).json();
    expect(counted).toEqual({ input_tokens: answer.usage.input_tokens });
  });

  it("reports cached input apart for demo-cached", async () => {
    const { usage } = await (await send({ ...user("0123456789abcdef"), model: "demo-cached" })).json();
    expect(usage).toMatchObject({ input_tokens: 4, cache_read_input_tokens: 4 });
    expect(client.upstream.ledger.totals()).toMatchObject({ inputTokens: 8, cachedTokens: 4 });
  });

  it("refuses in its dialect and lists models in its form", async () => {
    const refused = await fetch(`${client.upstream.url}/v1/messages`, { method: "POST", body: "{}" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
    const headers = { "x-api-key": "k", "anthropic-version": "2023-06-01" };
    const listed = await (await fetch(`${client.upstream.url}/v1/models`, { headers })).json();
    expect(listed).toMatchObject({ has_more: false, first_id: "demo-small" });
  });
});
