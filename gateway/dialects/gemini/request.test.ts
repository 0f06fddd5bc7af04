import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryMessages, HELLO, hostile, requestFacts } from "#gateway/testing/generations.ts";
import { type GenerationRequest, type Message, NotCarried } from "../generation.ts";
import { tagSignature } from "../signature.ts";
import { geminiCaller, geminiUpstream } from "./dialect.ts";

const FLASH = "gemini-2.5-flash";

function write(request: Partial<GenerationRequest>, model = FLASH) {
  return geminiUpstream.writeRequest({ ...HELLO, ...request }, requestFacts(model).facts);
}

function read(body: object): GenerationRequest {
  const request = geminiCaller.readRequest({ ...body }, false);
  if (request instanceof NotCarried) throw new Error(`${request.param}: ${request.message}`);
  return request;
}

function refusal(body: object): NotCarried {
  const request = geminiCaller.readRequest({ contents: [{ parts: [{ text: "Hello" }] }], ...body }, false);
  if (!(request instanceof NotCarried)) throw new Error("Nothing was refused");
  return request;
}

/** What an agent sends in the middle of its work: two calls of one function without ids, and their results. */
const AGENT_TURN = {
  systemInstruction: { parts: [{ text: "You are terse." }] },
  contents: [
    {
      role: "user",
      parts: [
        { text: "Where is it warmer?" },
        { inlineData: { mimeType: "image/png", data: "iVBORw0K" } },
        { fileData: { mimeType: "application/pdf", fileUri: "https://example.com/a.pdf" } },
      ],
    },
    {
      role: "model",
      parts: [
        { text: "Two calls.", thought: true },
        { functionCall: { name: "weather", args: { city: "Bern" } }, thoughtSignature: "c2ln" },
        { functionCall: { name: "weather", args: { city: "Rome" } } },
      ],
    },
    {
      role: "user",
      parts: [
        { functionResponse: { name: "weather", response: { output: "9 degrees" } } },
        { functionResponse: { name: "weather", response: { error: "no network" } } },
      ],
    },
  ],
  tools: [
    {
      functionDeclarations: [
        {
          name: "weather",
          parameters: {
            type: "OBJECT",
            properties: { city: { type: "STRING", nullable: true, minLength: "2" } },
            required: ["city"],
          },
        },
      ],
    },
  ],
  toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } },
  generationConfig: {
    maxOutputTokens: 2_048,
    temperature: 0.5,
    topP: 0.9,
    topK: 40,
    candidateCount: 2,
    stopSequences: ["END"],
    seed: 7,
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    responseMimeType: "application/json",
    responseSchema: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "1" },
    thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 },
    responseModalities: ["TEXT"],
  },
  safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
};

describe("a request read", () => {
  it("has everything an agent says", () => {
    const request = read(AGENT_TURN);
    expect(request).toMatchObject({
      system: [{ text: "You are terse." }],
      toolChoice: { kind: "tool", name: "weather" },
      maxOutputTokens: 2_048,
      candidates: 2,
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      reasoning: { kind: "budget", budgetTokens: 2_000, isShown: true },
      format: { kind: "schema", schema: { type: "array", items: { type: "integer" }, minItems: 1 } },
    });
    expect(request.tools[0]?.parameters).toEqual({
      type: "object",
      properties: { city: { type: ["string", "null"], minLength: 2 } },
      required: ["city"],
    });
    expect(request.messages[0]?.parts.map((part) => part.kind)).toEqual(["text", "image", "file"]);
    expect([...request.extras.keys()]).toEqual(["safetySettings", "generationConfig.responseModalities"]);
  });

  it("gives calls without ids one by their place, and their results by name and order", () => {
    const { messages } = read(AGENT_TURN);
    expect(messages[1]?.parts).toMatchObject([
      { kind: "reasoning", text: "Two calls." },
      { kind: "tool_call", id: "call_1", argumentsJson: '{"city":"Bern"}', signature: "gemini:c2ln" },
      { kind: "tool_call", id: "call_2", signature: null },
    ]);
    expect(messages[2]?.parts).toMatchObject([
      { callId: "call_1", name: "weather", content: [{ text: "9 degrees" }], isError: false },
      { callId: "call_2", content: [{ text: "no network" }], isError: true },
    ]);
  });

  it("is the same in snake_case", () => {
    const body = {
      system_instruction: { parts: [{ text: "Hi" }] },
      contents: [{ parts: [{ inline_data: { mime_type: "image/png", data: "AA==" } }] }],
      generation_config: { max_output_tokens: 5, thinking_config: { thinking_level: "LOW" } },
    };
    expect(read(body)).toMatchObject({
      system: [{ text: "Hi" }],
      messages: [{ role: "user", parts: [{ kind: "image", mediaType: "image/png" }] }],
      maxOutputTokens: 5,
      reasoning: { kind: "effort", effort: "low", isShown: false },
    });
  });

  it("joins what a client kept of a stream", () => {
    const model = (part: object) => ({ role: "model", parts: [part] });
    const contents = [
      { role: "user", parts: [{ text: "Go" }] },
      model({ text: "I ", thought: true }),
      model({ text: "think", thought: true, thoughtSignature: Buffer.from("tp:s:EqQB").toString("base64url") }),
      model({ text: "Well, " }),
      model({ text: "yes." }),
    ];
    expect(read({ contents }).messages[1]?.parts).toEqual([
      { kind: "reasoning", text: "I think", signature: "EqQB", redacted: null },
      { kind: "text", text: "Well, yes." },
    ]);
  });

  it.each([
    [{ tools: [{ googleSearch: {} }] }, "tools[0].googleSearch"],
    [{ contents: [{ parts: [{ fileData: { fileUri: "gs://a/b" } }] }] }, "contents[0].parts[0].fileData.fileUri"],
    [{ contents: [{ parts: [{ text: "x", videoMetadata: {} }] }] }, "contents[0].parts[0].videoMetadata"],
    [{ toolConfig: { functionCallingConfig: { mode: "VALIDATED" } } }, "toolConfig.functionCallingConfig.mode"],
    [{ toolConfig: { retrievalConfig: {} } }, "toolConfig.retrievalConfig"],
    [{ generationConfig: { responseMimeType: "text/x.enum" } }, "generationConfig.responseMimeType"],
  ])("refuses what only this vendor has: %j", (body, param) => {
    expect(refusal(body)).toMatchObject({ param, isInvalid: false });
  });

  it.each([
    [{ contents: [] }, "contents"],
    [{ contents: [{ role: "wizard" }] }, "contents[0].role"],
    [{ contents: [{ parts: [{ functionResponse: { name: "x" } }] }] }, "contents[0].parts[0].functionResponse"],
    [{ generationConfig: { topK: 0.5 } }, "generationConfig.topK"],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: "VAST" } } },
      "generationConfig.thinkingConfig.thinkingLevel",
    ],
  ])("refuses what is wrong in its own dialect: %j", (body, param) => {
    expect(refusal(body)).toMatchObject({ param, isInvalid: true });
  });

  it("survives anything in any place", () => {
    fc.assert(
      fc.property(hostile(AGENT_TURN), (body) => {
        if (typeof body !== "object" || body === null || Array.isArray(body)) return;
        const request = geminiCaller.readRequest(Object.fromEntries(Object.entries(body)), false);
        if (request instanceof NotCarried) expect(request.param).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a request written", () => {
  it("says all it can again: what is written is read as it was", () => {
    const sign = (signature: string) => tagSignature("gemini", signature);
    fc.assert(
      fc.property(arbitraryMessages(sign), (messages) => {
        const request: GenerationRequest = {
          ...HELLO,
          messages,
          system: [{ kind: "text", text: "Be brief" }],
          tools: [{ name: "t", description: "d", parameters: { type: "object" }, strict: null }],
          maxOutputTokens: 9,
          topK: 3,
          seed: 1,
          stop: ["x"],
        };
        const body = geminiUpstream.writeRequest(request, requestFacts(FLASH).facts);
        const again = geminiCaller.readRequest(JSON.parse(JSON.stringify(body)), false);
        if (again instanceof NotCarried) throw new Error(again.message);
        expect({ ...again, messages: again.messages.map(withoutNames) }).toEqual(request);
      }),
    );
  });

  it("thinks by level where the model does, else by budget", () => {
    const reasoning = { kind: "effort", effort: "xhigh", isShown: true } as const;
    const thinking = (request: Partial<GenerationRequest>, model: string) => write(request, model);
    expect(thinking({ reasoning }, FLASH)).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 24_576, includeThoughts: true } },
    });
    expect(thinking({ reasoning }, "gemini-3.1-pro")).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true } },
    });
    expect(thinking({ reasoning: { kind: "off" } }, FLASH)).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget: 0 } },
    });
  });

  it("finds the name of a result's function, and leaves out ids of its own making", () => {
    const calls: Message = {
      role: "assistant",
      parts: [{ kind: "tool_call", id: "gcall_r1_1", name: "weather", argumentsJson: "{}", signature: null }],
    };
    const results: Message = {
      role: "user",
      parts: [
        {
          kind: "tool_result",
          callId: "gcall_r1_1",
          name: null,
          content: [{ kind: "text", text: '{"c":9}' }],
          isError: false,
        },
      ],
    };
    const body = write({ messages: [...HELLO.messages, calls, results] }, "gemini-3-flash");
    expect(body).toMatchObject({
      contents: [
        {},
        { parts: [{ functionCall: { name: "weather" }, thoughtSignature: "skip_thought_signature_validator" }] },
        { parts: [{ functionResponse: { name: "weather", response: { c: 9 } } }] },
      ],
    });
    expect(JSON.stringify(body)).not.toContain("gcall_");
  });

  it("gives a signature that stood alone to the call behind it", () => {
    const parts: Message = {
      role: "assistant",
      parts: [
        { kind: "reasoning", text: "", signature: "gemini:c2ln", redacted: null },
        { kind: "tool_call", id: "c", name: "t", argumentsJson: "", signature: null },
      ],
    };
    expect(write({ messages: [...HELLO.messages, parts] }, "gemini-3-pro")).toMatchObject({
      contents: [{}, { parts: [{ functionCall: { name: "t", args: {} }, thoughtSignature: "c2ln" }] }],
    });
  });

  it("leaves another vendor's reasoning and the user's name out, and says so", () => {
    const { facts, dropped } = requestFacts(FLASH);
    const thought: Message = {
      role: "assistant",
      parts: [{ kind: "reasoning", text: "Hm.", signature: "EqQB", redacted: null }],
    };
    const body = geminiUpstream.writeRequest({ ...HELLO, user: "u", messages: [...HELLO.messages, thought] }, facts);
    expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "Hello" }] }] });
    expect(dropped).toEqual(["user", "messages.reasoning"]);
  });

  it("keeps strict tools to their schema", () => {
    const tools = [{ name: "t", description: null, parameters: null, strict: true }];
    expect(write({ tools })).toMatchObject({ toolConfig: { functionCallingConfig: { mode: "VALIDATED" } } });
    expect(write({ tools, toolChoice: { kind: "required" } })).toMatchObject({
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
    });
    expect(write({ tools, parallelToolCalls: false })).toMatchObject({ param: "parallelToolCalls" });
  });

  it("tells the type of a file at an address, or refuses", () => {
    const at = (url: string): GenerationRequest["messages"] => [
      { role: "user", parts: [{ kind: "image", mediaType: null, source: { kind: "url", url }, fileName: null }] },
    ];
    expect(write({ messages: at("https://example.com/A.PNG?x=1") })).toMatchObject({
      contents: [{ parts: [{ fileData: { mimeType: "image/png" } }] }],
    });
    expect(write({ messages: at("https://example.com/a") })).toMatchObject({ param: "messages" });
  });
});

/** A result's name, which the API wants and other dialects do not tell. */
function withoutNames(message: Message): Message {
  if (message.role === "assistant") return message;
  return {
    ...message,
    parts: message.parts.map((part) => (part.kind === "tool_result" ? { ...part, name: null } : part)),
  };
}
