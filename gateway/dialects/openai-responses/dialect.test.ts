import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANSWER_FACTS } from "#gateway/testing/generations.ts";
import { partSequences } from "#gateway/testing/openai-arbitraries.ts";
import { type GenerationRequest, NotCarried, type StreamPart } from "../generation.ts";
import { openaiResponsesCaller } from "./dialect.ts";

function read(more: Record<string, unknown>): GenerationRequest {
  const request = openaiResponsesCaller.readRequest({ input: "Hello", ...more }, false);
  if (request instanceof NotCarried) throw new Error(`${request.param}: ${request.message}`);
  return request;
}

interface SentItem {
  readonly type: string;
  readonly name?: string;
  readonly content?: readonly { readonly text?: string; readonly refusal?: string }[];
  readonly summary?: readonly { readonly text: string }[];
  readonly arguments?: string;
}

interface SentEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly item?: SentItem;
  readonly delta?: string;
  readonly response?: { readonly output: readonly SentItem[] };
}

/** The events that these parts are written as; each must be named as its data says, and numbered in turn. */
function write(parts: readonly StreamPart[]): SentEvent[] {
  const out: string[] = [];
  const writer = openaiResponsesCaller.streamWriter(ANSWER_FACTS);
  for (const part of parts) writer.write([part], out);
  writer.end(out);
  return out
    .join("")
    .trimEnd()
    .split("\n\n")
    .map((event, index) => {
      const [name = "", data = ""] = event.split("\n");
      const value: SentEvent = JSON.parse(data.slice("data: ".length));
      expect(name).toBe(`event: ${value.type}`);
      expect(value.sequence_number).toBe(index);
      return value;
    });
}

function textOf({ type, content = [], summary = [], arguments: json = "" }: SentItem): string {
  if (type === "function_call") return json;
  return type === "message"
    ? content.map((part) => part.text ?? part.refusal).join("")
    : summary.map((part) => part.text).join("");
}

/** What a client that follows the events has in the end. */
function follow(events: readonly SentEvent[]): SentItem[] {
  const open: { text: string; item: SentItem | null }[] = [];
  for (const { type, output_index = -1, item, delta = "" } of events) {
    if (type === "response.output_item.added") {
      expect(output_index).toBe(open.length);
      open.push({ text: "", item: null });
    }
    const at = open[output_index];
    if (at === undefined) continue;
    if (type.endsWith(".delta")) {
      expect(at.item).toBeNull();
      at.text += delta;
    }
    if (type === "response.output_item.done" && item !== undefined) at.item = item;
  }
  return open.map(({ text, item }) => {
    if (item === null) throw new Error("an item was not closed");
    expect(textOf(item)).toBe(text);
    return item;
  });
}

describe("a request of the Responses API", () => {
  it("is read with items put together into turns", () => {
    const { system, messages } = read({
      instructions: "Be brief.",
      input: [
        { role: "developer", content: "And kind." },
        {
          role: "user",
          content: [
            { type: "input_text", text: "What is this?" },
            { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=", detail: "auto" },
            { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" },
            { type: "input_file", file_url: "https://example.com/b.pdf" },
          ],
        },
        {
          type: "reasoning",
          id: "rs_1",
          summary: [{ type: "summary_text", text: "Hm." }],
          encrypted_content: "anthropic:sig",
        },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Look:", annotations: [] }] },
        { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
        { type: "function_call", call_id: "c2", name: "ask", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "one" },
        { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "two" }] },
      ],
    });
    expect(system.map((part) => part.text)).toEqual(["Be brief.", "And kind."]);
    expect(messages).toMatchObject([
      {
        role: "user",
        parts: [
          { kind: "text", text: "What is this?" },
          { kind: "image", mediaType: "image/png" },
          { kind: "file", fileName: "a.pdf" },
          { kind: "file", source: { kind: "url", url: "https://example.com/b.pdf" } },
        ],
      },
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "Hm.", signature: "sig" },
          { kind: "text", text: "Look:" },
          { kind: "tool_call", id: "c1" },
          { kind: "tool_call", id: "c2" },
        ],
      },
      { role: "user", parts: [{ callId: "c1" }, { callId: "c2", content: [{ text: "two" }] }] },
    ]);
  });

  it("is read with every parameter, and what asks for nothing is no parameter", () => {
    const request = read({
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      reasoning: { effort: "low", summary: "auto" },
      text: { format: { type: "json_schema", name: "out", schema: {}, strict: true }, verbosity: "low" },
      tools: [{ type: "function", name: "look", parameters: {}, strict: null }, { type: "web_search" }],
      tool_choice: { type: "function", name: "look" },
      parallel_tool_calls: true,
      store: false,
      truncation: "disabled",
      include: ["reasoning.encrypted_content"],
      background: false,
      metadata: {},
    });
    expect(request).toMatchObject({
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      reasoning: { kind: "effort", effort: "low", isShown: true },
      format: { kind: "schema", name: "out" },
      tools: [{ name: "look" }],
      toolChoice: { kind: "tool", name: "look" },
    });
    expect([...request.extras.keys()].toSorted()).toEqual(["text.verbosity", "tools[1]"]);
  });

  it.each([
    ["previous_response_id", { previous_response_id: "resp_1" }],
    ["conversation", { conversation: "conv_1" }],
    ["input", { input: [] }],
    ["input[0].type", { input: [{ type: "item_reference", id: "x" }] }],
    ["input[0].content[0].file_id", { input: [{ role: "user", content: [{ type: "input_image", file_id: "f" }] }] }],
    ["text.format.type", { text: { format: { type: "grammar" } } }],
    ["max_output_tokens", { max_output_tokens: 0 }],
  ])("is refused for its %s", (param, more) => {
    expect(openaiResponsesCaller.readRequest({ input: "Hello", ...more }, false)).toMatchObject({ param });
  });

  it("never throws, whatever comes", () => {
    const names = fc.constantFrom("input", "instructions", "tools", "tool_choice", "text", "reasoning", "include");
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (body) => {
        openaiResponsesCaller.readRequest({ ...body }, true);
      }),
    );
  });
});

describe("a streamed response", () => {
  it("opens and closes each item, and is whole in the end", () => {
    const sequences = partSequences({
      stops: ["stop", "length", "tool_calls", "content_filter"],
      choices: 1,
      hasReasoning: true,
      hasSignatures: true,
      hasTools: true,
      hasRefusal: true,
    });
    fc.assert(
      fc.property(sequences, (parts) => {
        const events = write(parts);
        const items = follow(events);
        const last = events.at(-1);
        expect(last?.response?.output).toEqual(items);
        const finish = parts.find((part) => part.kind === "finish");
        const isCut = finish?.stop === "length" || finish?.stop === "content_filter";
        expect(last?.type).toBe(isCut ? "response.incomplete" : "response.completed");
        const said = parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
        const told = events.map((event) => (event.type === "response.output_text.delta" ? event.delta : "")).join("");
        expect(told).toBe(said);
        const names = parts.flatMap((part) => (part.kind === "tool_call_start" ? [part.name] : []));
        const calls = last?.response?.output.filter((item) => item.type === "function_call");
        expect(calls?.map((call) => call.name)).toEqual(names);
      }),
      { numRuns: 200 },
    );
  });

  it("tells thoughts as summaries and keeps what is opaque of them", () => {
    const thought = { kind: "reasoning", choice: 0, redacted: null } as const;
    const items = follow(
      write([
        { kind: "start", id: null },
        { ...thought, text: "Hm", signature: null },
        { ...thought, text: ".", signature: null },
        { ...thought, text: "", signature: "sig" },
        { ...thought, text: "", signature: null, redacted: "r" },
        { kind: "finish", choice: 0, stop: "stop", stopSequence: null },
      ]),
    );
    expect(items).toMatchObject([
      { type: "reasoning", summary: [{ text: "Hm." }], encrypted_content: "anthropic:sig" },
      { type: "reasoning", summary: [], encrypted_content: "redacted:r" },
    ]);
    const again = read({ input: [{ role: "user", content: "x" }, ...items] });
    expect(again.messages[1]?.parts).toEqual([
      { kind: "reasoning", text: "Hm.", signature: "sig", redacted: null },
      { kind: "reasoning", text: "", signature: null, redacted: "r" },
    ]);
  });

  it("ends at an error", () => {
    const events = write([
      { kind: "text", choice: 0, text: "Hi" },
      { kind: "error", message: "Gone", type: "upstream_timeout" },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "error", code: "upstream_timeout", message: "Gone", param: null });
  });
});

describe("a whole response", () => {
  it("holds every kind of item", () => {
    const written = openaiResponsesCaller.writeAnswer(
      {
        id: null,
        choices: [
          {
            parts: [
              { kind: "reasoning", text: "Hm.", signature: "gemini:s", redacted: null },
              { kind: "text", text: "Look:" },
              { kind: "refusal", text: "No." },
              { kind: "tool_call", id: "c1", name: "look", argumentsJson: "{}", signature: null },
            ],
            stop: "tool_calls",
            stopSequence: null,
          },
        ],
        usage: null,
      },
      { ...ANSWER_FACTS, request: { ...read({ temperature: 0.5 }) } },
    );
    expect(written).toMatchObject({
      id: "resp_0192",
      object: "response",
      status: "completed",
      temperature: 0.5,
      output: [
        { type: "reasoning", encrypted_content: "gemini:s" },
        {
          type: "message",
          content: [
            { type: "output_text", text: "Look:" },
            { type: "refusal", refusal: "No." },
          ],
        },
        { type: "function_call", call_id: "c1", name: "look", arguments: "{}" },
      ],
    });
  });

  it.each([
    ["length", { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }],
    ["refusal", { status: "incomplete", incomplete_details: { reason: "content_filter" } }],
    ["stop", { status: "completed", incomplete_details: null }],
  ] as const)("says that it ended by %s", (stop, state) => {
    const choice = { parts: [{ kind: "text", text: "Hi" }], stop, stopSequence: null } as const;
    const written = openaiResponsesCaller.writeAnswer({ id: null, choices: [choice], usage: null }, ANSWER_FACTS);
    expect(written).toMatchObject(state);
  });
});
