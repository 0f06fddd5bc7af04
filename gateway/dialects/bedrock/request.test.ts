import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryMessages, HELLO, requestFacts } from "#gateway/testing/generations.ts";
import { type GenerationRequest, NotCarried } from "../generation.ts";
import { bedrockUpstream } from "./dialect.ts";

const SONNET = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA = "amazon.nova-pro-v1:0";

function write(request: Partial<GenerationRequest>, model = SONNET) {
  return bedrockUpstream.writeRequest({ ...HELLO, ...request }, requestFacts(model).facts);
}

const tools = [{ name: "weather", description: "Looks it up", parameters: { type: "object" }, strict: true }];

describe("a request written for Converse", () => {
  it("has everything an agent says", () => {
    const body = write({
      system: [{ kind: "text", text: "You are terse.", isCachePoint: true }],
      messages: [
        {
          role: "user",
          parts: [
            { kind: "text", text: "What is on it?" },
            { kind: "image", mediaType: "image/png", source: { kind: "base64", data: "iVBO" }, fileName: null },
            {
              kind: "file",
              mediaType: "application/pdf",
              source: { kind: "base64", data: "JVBE" },
              fileName: "a_b.pdf",
            },
          ],
        },
        {
          role: "assistant",
          parts: [
            { kind: "reasoning", text: "A map.", signature: "EqQB", redacted: null },
            { kind: "reasoning", text: "", signature: null, redacted: "EmwK" },
            { kind: "tool_call", id: "call:1", name: "weather", argumentsJson: '{"city":"Bern"}', signature: null },
          ],
        },
        {
          role: "user",
          parts: [
            { kind: "text", text: "And?" },
            {
              kind: "tool_result",
              callId: "call:1",
              name: null,
              content: [{ kind: "text", text: "no" }],
              isError: true,
            },
          ],
        },
      ],
      tools,
      toolChoice: { kind: "tool", name: "weather" },
      maxOutputTokens: 4_096,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stop: ["END"],
      reasoning: { kind: "budget", budgetTokens: 2_000, isShown: true },
      format: { kind: "schema", name: "answer", description: null, schema: { type: "object" }, strict: true },
    });
    expect(body).toEqual({
      system: [{ text: "You are terse." }, { cachePoint: { type: "default" } }],
      messages: [
        {
          role: "user",
          content: [
            { text: "What is on it?" },
            { image: { format: "png", source: { bytes: "iVBO" } } },
            { document: { format: "pdf", source: { bytes: "JVBE" }, name: "a b pdf" } },
          ],
        },
        {
          role: "assistant",
          content: [
            { reasoningContent: { reasoningText: { text: "A map.", signature: "EqQB" } } },
            { reasoningContent: { redactedContent: "EmwK" } },
            { toolUse: { toolUseId: "call_1", name: "weather", input: { city: "Bern" } } },
          ],
        },
        {
          role: "user",
          content: [
            { toolResult: { toolUseId: "call_1", content: [{ text: "no" }], status: "error" } },
            { text: "And?" },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 4_096, temperature: 0.5, topP: 0.9, stopSequences: ["END"] },
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: "weather",
              description: "Looks it up",
              inputSchema: { json: { type: "object" } },
              strict: true,
            },
          },
        ],
        toolChoice: { tool: { name: "weather" } },
      },
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2_000 }, top_k: 40 },
      outputConfig: {
        textFormat: { type: "json_schema", structure: { jsonSchema: { schema: '{"type":"object"}', name: "answer" } } },
      },
    });
  });

  it("keeps roles in turn and text from being blank, whatever the conversation", () => {
    fc.assert(
      fc.property(
        arbitraryMessages((signature) => signature),
        (messages) => {
          const body = JSON.parse(JSON.stringify(write({ messages: [...messages, ...HELLO.messages] })));
          const roles: string[] = body.messages.map((message: { role: string }) => message.role);
          expect(roles.every((role, at) => at === 0 || role !== roles[at - 1])).toBe(true);
          expect(JSON.stringify(body)).not.toMatch(/"text":"\s*"/);
        },
      ),
    );
  });

  it("thinks by effort where the model does", () => {
    const reasoning = { kind: "effort", effort: "xhigh", isShown: false } as const;
    expect(write({ reasoning }, "anthropic.claude-opus-5-v1:0")).toMatchObject({
      additionalModelRequestFields: { thinking: { type: "adaptive", display: "omitted" } },
      outputConfig: { effort: "xhigh" },
    });
  });

  it("leaves tools out where none may be called", () => {
    expect(write({ tools, toolChoice: { kind: "none" } })).not.toHaveProperty("toolConfig");
  });

  it.each([
    [{ reasoning: { kind: "effort", effort: "low", isShown: true } } as const, NOVA, "reasoning"],
    [{ topK: 4 }, NOVA, "topK"],
    [{ tools, parallelToolCalls: false }, SONNET, "parallelToolCalls"],
    [{ seed: 1 }, SONNET, "seed"],
    [{ format: { kind: "json" } } as const, SONNET, "format"],
  ])("refuses or drops what the API cannot say: %j to %s", (request, model, param) => {
    expect(write(request, model)).toMatchObject({ param });
    const { facts, dropped } = requestFacts(model, "drop");
    expect(bedrockUpstream.writeRequest({ ...HELLO, ...request }, facts)).not.toBeInstanceOf(NotCarried);
    expect(dropped).toEqual([param]);
  });

  it("refuses media at an address", () => {
    const parts = [
      {
        kind: "image",
        mediaType: "image/png",
        source: { kind: "url", url: "https://example.com/a.png" },
        fileName: null,
      },
    ] as const;
    expect(write({ messages: [{ role: "user", parts }] })).toMatchObject({ param: "messages" });
  });
});
