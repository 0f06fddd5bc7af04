import fc from "fast-check";
import type { GenerationRequest, StopReason, StreamPart } from "#gateway/dialects/generation.ts";

/** Text of any characters; never empty, because an empty piece of text is not sent. */
export const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 30 }).map((text) => text.toWellFormed());
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const json = fc
  .dictionary(name, fc.oneof(fc.integer(), anyText, fc.boolean()), { maxKeys: 3 })
  .map((it) => JSON.stringify(it));

/** What a dialect can say in a stream. */
export interface Sayable {
  readonly stops: readonly StopReason[];
  readonly choices: number;
  readonly hasReasoning: boolean;
  readonly hasSignatures: boolean;
  readonly hasTools: boolean;
  readonly hasRefusal: boolean;
}

const count = fc.nat({ max: 100_000 });
const usage = fc.tuple(count, count, count, count).map(
  ([fresh, cached, output, reasoning]): StreamPart => ({
    kind: "usage",
    usage: {
      inputTokens: fresh + cached,
      cachedInputTokens: cached,
      cacheWriteTokens: 0,
      outputTokens: output + reasoning,
      reasoningTokens: reasoning,
      source: "upstream",
    },
  }),
);

function choiceParts(choice: number, sayable: Sayable): fc.Arbitrary<StreamPart[]> {
  const plain = { signature: null, redacted: null };
  const thoughts = fc.array(
    fc.oneof(
      anyText.map((text): StreamPart => ({ kind: "reasoning", choice, text, ...plain })),
      ...(sayable.hasSignatures
        ? [anyText.map((signature): StreamPart => ({ kind: "reasoning", choice, text: "", signature, redacted: null }))]
        : []),
    ),
    { maxLength: sayable.hasReasoning ? 3 : 0 },
  );
  const texts = fc.array(
    anyText.map((text): StreamPart => ({ kind: "text", choice, text })),
    { maxLength: 4 },
  );
  const refusals = fc.array(
    anyText.map((text): StreamPart => ({ kind: "refusal", choice, text })),
    {
      maxLength: sayable.hasRefusal ? 2 : 0,
    },
  );
  const calls = fc.array(fc.tuple(name, name, fc.array(json, { maxLength: 3 })), {
    maxLength: sayable.hasTools ? 3 : 0,
  });
  const stop = fc.constantFrom(...sayable.stops);
  return fc.tuple(thoughts, texts, refusals, calls, stop).map(([thought, text, refusal, called, stopped]) => {
    const tools = called.flatMap(([id, toolName, pieces], index): StreamPart[] => [
      { kind: "tool_call_start", choice, index, id, name: toolName, signature: null },
      ...pieces.map((piece): StreamPart => ({ kind: "tool_call_arguments", choice, index, json: piece })),
    ]);
    const ends = called.map((_, index): StreamPart => ({ kind: "tool_call_end", choice, index }));
    return [
      ...thought,
      ...text,
      ...refusal,
      ...tools,
      ...ends,
      { kind: "finish", choice, stop: stopped, stopSequence: null },
    ];
  });
}

/** A stream as a dialect could tell it, in the order it would. */
export function partSequences(sayable: Sayable): fc.Arbitrary<StreamPart[]> {
  const choices = fc
    .integer({ min: 1, max: sayable.choices })
    .chain((many) => fc.tuple(...[...Array(many).keys()].map((choice) => choiceParts(choice, sayable))));
  return fc
    .tuple(fc.option(name), choices, fc.option(usage))
    .map(([id, parts, counted]): StreamPart[] => [
      { kind: "start", id: id === null ? "x" : id },
      ...parts.flat(),
      ...(counted === null ? [] : [counted]),
    ]);
}

/** Bytes cut anywhere. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const from = [0, ...at];
  return from.map((start, index) => bytes.subarray(start, from[index + 1] ?? bytes.length));
}

const tool = fc.record({
  name,
  description: fc.option(anyText),
  parameters: fc.option(fc.constant({ type: "object", properties: { city: { type: "string" } } })),
  strict: fc.option(fc.boolean()),
});
const media = fc.oneof(
  fc.record({
    kind: fc.constant("image" as const),
    mediaType: fc.constant("image/png"),
    source: fc.record({ kind: fc.constant("base64" as const), data: fc.base64String({ maxLength: 40 }) }),
    fileName: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("file" as const),
    mediaType: fc.constant("application/pdf"),
    source: fc.record({ kind: fc.constant("base64" as const), data: fc.base64String({ maxLength: 40 }) }),
    fileName: fc.constant("a.pdf"),
  }),
);
const text = anyText.map((it) => ({ kind: "text" as const, text: it }));
const user = fc
  .array(fc.oneof(text, media), { minLength: 1, maxLength: 3 })
  .map((parts) => ({ role: "user" as const, parts }));
const result = fc.record({
  kind: fc.constant("tool_result" as const),
  callId: name,
  name: fc.constant(null),
  content: fc.tuple(text),
  isError: fc.constant(false),
});
const results = fc.array(result, { minLength: 1, maxLength: 3 }).map((parts) => ({ role: "user" as const, parts }));
const call = fc.record({
  kind: fc.constant("tool_call" as const),
  id: name,
  name,
  argumentsJson: json,
  signature: fc.constant(null),
});
const assistant = fc
  .tuple(fc.option(text), fc.array(call, { maxLength: 2 }))
  .filter(([said, calls]) => said !== null || calls.length > 0)
  .map(([said, calls]) => ({ role: "assistant" as const, parts: [...(said === null ? [] : [said]), ...calls] }));
/** A turn: what the user says, what the assistant does, and what its tools give. */
const turn = fc
  .tuple(user, assistant, fc.option(results))
  .map(([asked, answered, given]) => (given === null ? [asked, answered] : [asked, answered, given, answered]));

/** What every dialect of OpenAI's can ask for. */
export const anyRequest: fc.Arbitrary<GenerationRequest> = fc.record({
  system: fc.array(text, { maxLength: 1 }),
  messages: fc.tuple(fc.array(turn, { maxLength: 3 }), user).map(([turns, last]) => [...turns.flat(), last]),
  tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
  toolChoice: fc.option(
    fc.oneof(
      fc.constantFrom({ kind: "auto" as const }, { kind: "none" as const }, { kind: "required" as const }),
      name.map((it) => ({ kind: "tool" as const, name: it })),
    ),
  ),
  parallelToolCalls: fc.option(fc.boolean()),
  format: fc.oneof(
    fc.constantFrom({ kind: "text" as const }, { kind: "json" as const }),
    fc.record({
      kind: fc.constant("schema" as const),
      name,
      description: fc.option(anyText),
      schema: fc.constant({ type: "object" }),
      strict: fc.option(fc.boolean()),
    }),
  ),
  maxOutputTokens: fc.option(fc.integer({ min: 16, max: 1_000_000 })),
  temperature: fc.option(fc.double({ min: 0, max: 2, noNaN: true }).map((it) => it + 0)),
  topP: fc.option(fc.double({ min: 0.1, max: 1, noNaN: true })),
  topK: fc.constant(null),
  presencePenalty: fc.option(fc.double({ min: 0.1, max: 2, noNaN: true })),
  frequencyPenalty: fc.option(fc.double({ min: 0.1, max: 2, noNaN: true })),
  seed: fc.option(fc.integer()),
  stop: fc.array(anyText, { maxLength: 3 }),
  reasoning: fc.option(
    fc.oneof(
      fc.constant({ kind: "off" as const }),
      fc.record({
        kind: fc.constant("effort" as const),
        effort: fc.constantFrom(
          "minimal" as const,
          "low" as const,
          "medium" as const,
          "high" as const,
          "xhigh" as const,
        ),
        isShown: fc.constant(true),
      }),
    ),
  ),
  candidates: fc.integer({ min: 1, max: 4 }),
  user: fc.option(anyText),
  stream: fc.boolean(),
  extras: fc.constant(new Map<string, unknown>()),
});
