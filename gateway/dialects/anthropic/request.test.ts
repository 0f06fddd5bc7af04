import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryMessages, HELLO, hostile, requestFacts } from "#gateway/testing/generations.ts";
import { type GenerationRequest, NotCarried } from "../generation.ts";
import { anthropicCaller, anthropicUpstream } from "./dialect.ts";

const SONNET = "claude-sonnet-5";

function write(request: Partial<GenerationRequest>, model = SONNET) {
  return anthropicUpstream.writeRequest({ ...HELLO, ...request }, requestFacts(model).facts);
}

function read(body: object): GenerationRequest {
  const request = anthropicCaller.readRequest({ ...body }, false);
  if (request instanceof NotCarried) throw new Error(`${request.param}: ${request.message}`);
  return request;
}

function refusal(body: object): NotCarried {
  const messages = [{ role: "user", content: "Hello" }];
  const request = anthropicCaller.readRequest({ max_tokens: 10, messages, ...body }, false);
  if (!(request instanceof NotCarried)) throw new Error("Nothing was refused");
  return request;
}

/** What an agent sends in the middle of its work. */
const AGENT_TURN = {
  model: "smart",
  max_tokens: 2_048,
  system: [
    { type: "text", text: "You are terse." },
    { type: "text", text: "Long rules.", cache_control: { type: "ephemeral", ttl: "1h" } },
  ],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What is on it?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0K" } },
        { type: "document", source: { type: "url", url: "https://example.com/a.pdf" }, title: "a" },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "A map.", signature: "EqQB" },
        { type: "redacted_thinking", data: "EmwK" },
        { type: "text", text: "I look it up.", citations: null },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Bern" }, caller: { type: "direct" } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_1",
          is_error: true,
          content: [{ type: "text", text: "no network" }],
          cache_control: { type: "ephemeral" },
        },
      ],
    },
  ],
  tools: [
    { name: "weather", description: "Looks it up", input_schema: { type: "object", properties: {} }, strict: true },
  ],
  tool_choice: { type: "any", disable_parallel_tool_use: true },
  temperature: 0.5,
  top_p: 0.9,
  top_k: 40,
  stop_sequences: ["END"],
  thinking: { type: "enabled", budget_tokens: 1_500 },
  metadata: { user_id: "u1" },
  output_config: { format: { type: "json_schema", schema: { type: "object" } } },
  service_tier: "auto",
};

describe("a request read", () => {
  it("has everything an agent says", () => {
    const request = read(AGENT_TURN);
    expect(request).toMatchObject({
      system: [{ text: "You are terse." }, { text: "Long rules.", isCachePoint: true }],
      toolChoice: { kind: "required" },
      parallelToolCalls: false,
      maxOutputTokens: 2_048,
      topK: 40,
      stop: ["END"],
      reasoning: { kind: "budget", budgetTokens: 1_500, isShown: true },
      user: "u1",
      format: { kind: "schema", schema: { type: "object" } },
    });
    expect(request.messages[0]?.parts.map((part) => part.kind)).toEqual(["text", "image", "file"]);
    expect(request.messages[1]?.parts).toMatchObject([
      { kind: "reasoning", text: "A map.", signature: "EqQB" },
      { kind: "reasoning", redacted: "EmwK" },
      { kind: "text" },
      { kind: "tool_call", id: "toolu_1", argumentsJson: '{"city":"Bern"}' },
    ]);
    expect(request.messages[2]?.parts).toMatchObject([
      { kind: "tool_result", callId: "toolu_1", isError: true, isCachePoint: true },
    ]);
    expect([...request.extras]).toEqual([["service_tier", "auto"]]);
  });

  it("has adaptive thinking as an effort, and none as off", () => {
    const messages = [{ role: "user", content: "Hello" }];
    const high = read({ messages, thinking: { type: "adaptive", display: "omitted" } });
    expect(high.reasoning).toEqual({ kind: "effort", effort: "high", isShown: false });
    const max = read({ messages, thinking: { type: "adaptive" }, output_config: { effort: "max" } });
    expect(max.reasoning).toEqual({ kind: "effort", effort: "xhigh", isShown: true });
    expect(read({ messages, thinking: { type: "disabled" } }).reasoning).toEqual({ kind: "off" });
  });

  it("takes a leading system message and marks the prompt's end for the cache", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ];
    const request = read({ messages, cache_control: { type: "ephemeral" } });
    expect(request.system).toEqual([{ kind: "text", text: "Be brief." }]);
    expect(request.messages[0]?.parts).toEqual([{ kind: "text", text: "Hello", isCachePoint: true }]);
  });

  it.each([
    [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools[0].type"],
    [{ tools: [{ name: "a", input_schema: {}, defer_loading: true }] }, "tools[0].defer_loading"],
    [
      { messages: [{ role: "user", content: [{ type: "container_upload", file_id: "f" }] }] },
      "messages[0].content[0].type",
    ],
    [
      { messages: [{ role: "user", content: [{ type: "image", source: { type: "file", file_id: "f" } }] }] },
      "messages[0].content[0].source.type",
    ],
    [{ thinking: { type: "between_tools" } }, "thinking.type"],
    [{ output_config: { task_budget: {} } }, "output_config.task_budget"],
  ])("refuses what only this vendor has: %j", (body, param) => {
    expect(refusal(body)).toMatchObject({ param, isInvalid: false });
  });

  it.each([
    [{ max_tokens: "many" }, "max_tokens"],
    [{ messages: "Hello" }, "messages"],
    [{ messages: [] }, "messages"],
    [{ messages: [{ role: "wizard", content: "x" }] }, "messages[0].role"],
    [{ tool_choice: { type: "tool" } }, "tool_choice.name"],
    [{ stop_sequences: [1] }, "stop_sequences[0]"],
  ])("refuses what is wrong in its own dialect: %j", (body, param) => {
    expect(refusal(body)).toMatchObject({ param, isInvalid: true });
  });

  it("survives anything in any place", () => {
    fc.assert(
      fc.property(hostile(AGENT_TURN), (body) => {
        if (typeof body !== "object" || body === null || Array.isArray(body)) return;
        const request = anthropicCaller.readRequest(Object.fromEntries(Object.entries(body)), false);
        if (request instanceof NotCarried) expect(request.param).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a request written", () => {
  it("says all it can again: what is written is read as it was", () => {
    const sign = (signature: string) => signature;
    fc.assert(
      fc.property(arbitraryMessages(sign), fc.boolean(), (messages, stream) => {
        const request: GenerationRequest = {
          ...HELLO,
          messages,
          maxOutputTokens: 9,
          temperature: 0.5,
          stop: ["x"],
          user: "u",
          stream,
        };
        const body = anthropicUpstream.writeRequest(request, requestFacts(SONNET).facts);
        expect(body).not.toBeInstanceOf(NotCarried);
        expect(anthropicCaller.readRequest(JSON.parse(JSON.stringify(body)), stream)).toEqual(request);
      }),
    );
  });

  it("gives the limit that the API requires, by the model", () => {
    expect(write({})).toMatchObject({ model: SONNET, max_tokens: 32_000 });
    expect(write({}, "claude-3-5-sonnet-20241022")).toMatchObject({ max_tokens: 8_192 });
    expect(write({}, "claude-3-haiku-20240307")).toMatchObject({ max_tokens: 4_096 });
  });

  it("thinks by effort where the model does, else by budget", () => {
    const reasoning = { kind: "effort", effort: "minimal", isShown: true } as const;
    expect(write({ reasoning })).toMatchObject({
      thinking: { type: "adaptive", display: "summarized" },
      output_config: { effort: "low" },
    });
    expect(write({ reasoning }, "claude-sonnet-4-5-20250929")).toMatchObject({
      thinking: { type: "enabled", budget_tokens: 1_024 },
    });
    expect(write({ reasoning: { kind: "budget", budgetTokens: 9_000, isShown: false } })).toMatchObject({
      output_config: { effort: "medium" },
    });
    expect(write({ reasoning, maxOutputTokens: 500 }, "claude-3-7-sonnet-20250219")).toMatchObject({
      param: "reasoning",
    });
    expect(write({ reasoning: { kind: "off" } })).toMatchObject({ thinking: { type: "disabled" } });
  });

  it("puts neighbours of one role together, results of tools first", () => {
    const call = (id: string) => ({ kind: "tool_call", id, name: "t", argumentsJson: "", signature: null }) as const;
    const result = (callId: string) =>
      ({ kind: "tool_result", callId, name: null, content: [], isError: false }) as const;
    const body = write({
      messages: [
        { role: "user", parts: [{ kind: "text", text: "Go" }] },
        { role: "assistant", parts: [call("a:1"), call("b")] },
        { role: "user", parts: [{ kind: "text", text: "And?" }] },
        { role: "user", parts: [result("a:1")] },
        { role: "user", parts: [result("b")] },
      ],
    });
    expect(body).toMatchObject({
      messages: [
        { role: "user" },
        { role: "assistant", content: [{ id: "a_1", input: {} }, { id: "b" }] },
        { role: "user", content: [{ tool_use_id: "a_1" }, { tool_use_id: "b" }, { type: "text", text: "And?" }] },
      ],
    });
  });

  it("leaves another vendor's reasoning out, and says so", () => {
    const { facts, dropped } = requestFacts(SONNET);
    const foreign = { kind: "reasoning", text: "Hm.", signature: "gemini:Zm9v", redacted: null } as const;
    const messages: GenerationRequest["messages"] = [
      ...HELLO.messages,
      { role: "assistant", parts: [foreign, { kind: "text", text: "Hi" }] },
    ];
    const body = anthropicUpstream.writeRequest({ ...HELLO, messages }, facts);
    expect(body).toMatchObject({ messages: [{}, { content: [{ type: "text", text: "Hi" }] }] });
    expect(dropped).toEqual(["messages.reasoning"]);
  });

  it("never leaves out what a message holds, and takes a penalty of zero for none", () => {
    const wav = {
      kind: "audio",
      mediaType: "audio/wav",
      source: { kind: "base64", data: "UklG" },
      fileName: null,
    } as const;
    const { facts } = requestFacts(SONNET, "drop");
    const request: GenerationRequest = { ...HELLO, messages: [{ role: "user", parts: [wav] }] };
    expect(anthropicUpstream.writeRequest(request, facts)).toMatchObject({ param: "messages" });
    expect(write({ presencePenalty: 0, frequencyPenalty: 0 })).not.toBeInstanceOf(NotCarried);
  });

  it.each([
    [{ temperature: 1.5 }, "temperature"],
    [{ seed: 1 }, "seed"],
    [{ presencePenalty: 0.1 }, "presencePenalty"],
    [{ candidates: 2 }, "candidates"],
    [{ format: { kind: "json" } as const }, "format"],
    [{ extras: new Map([["logit_bias", {}]]) }, "logit_bias"],
  ])("refuses or drops what the API cannot say: %j", (request, param) => {
    expect(write(request)).toMatchObject({ param });
    const { facts, dropped } = requestFacts(SONNET, "drop");
    expect(anthropicUpstream.writeRequest({ ...HELLO, ...request }, facts)).not.toBeInstanceOf(NotCarried);
    expect(dropped).toEqual([param]);
  });
});
