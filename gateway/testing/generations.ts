import fc from "fast-check";
import type { RequestFacts, StreamReader, StreamWriter } from "#gateway/dialects/dialect.ts";
import type {
  AnswerPart,
  GenerationAnswer,
  GenerationRequest,
  Message,
  StreamPart,
  ToolCallPart,
} from "#gateway/dialects/generation.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";

/** A request that asks for nothing but an answer to "Hello". */
export const HELLO: GenerationRequest = {
  system: [],
  messages: [{ role: "user", parts: [{ kind: "text", text: "Hello" }] }],
  tools: [],
  toolChoice: null,
  parallelToolCalls: null,
  format: { kind: "text" },
  maxOutputTokens: null,
  temperature: null,
  topP: null,
  topK: null,
  presencePenalty: null,
  frequencyPenalty: null,
  seed: null,
  stop: [],
  reasoning: null,
  candidates: 1,
  user: null,
  stream: false,
  extras: new Map(),
};

/** Facts for a writer of requests, and what it told of as dropped. */
export function requestFacts(model: string, onNotCarried: "refuse" | "drop" = "refuse") {
  const dropped: string[] = [];
  const facts: RequestFacts = { model, from: "openai_chat", onNotCarried, onDropped: (param) => dropped.push(param) };
  return { facts, dropped };
}

export const ANSWER_FACTS = {
  callId: "req_0192",
  model: "smart",
  createdSeconds: 1_764_000_000,
  includeUsage: true,
} as const;

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const json = fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
const base64 = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("base64"));
const count = fc.nat({ max: 1_000_000 });

export const arbitraryUsage: fc.Arbitrary<TokenUsage> = fc
  .tuple(count, count, count, count, count)
  .map(([fresh, cachedInputTokens, cacheWriteTokens, output, reasoningTokens]) => ({
    inputTokens: fresh + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens: output + reasoningTokens,
    reasoningTokens,
    source: "upstream",
  }));

/** Answers of one choice that Anthropic's family can say, with signatures of `sign`. */
export function arbitraryAnswerParts(sign: (signature: string) => string | null): fc.Arbitrary<AnswerPart[]> {
  const signature = base64.map(sign);
  const reasoning = fc.record({
    kind: fc.constant("reasoning" as const),
    text,
    signature,
    redacted: fc.constant(null),
  });
  const call: fc.Arbitrary<ToolCallPart> = fc.record({
    kind: fc.constant("tool_call" as const),
    id: word,
    name: word,
    argumentsJson: json.map((value) => JSON.stringify(value)),
    signature: fc.constant(null),
  });
  const said = fc.record({ kind: fc.constant("text" as const), text });
  return fc
    .tuple(fc.array(reasoning, { maxLength: 1 }), fc.array(said, { maxLength: 1 }), fc.array(call, { maxLength: 3 }))
    .map(([thought, texts, calls]) => {
      const unique = calls.map((each, index) => ({ ...each, id: `${each.id}_${index}` }));
      const parts: AnswerPart[] = [...thought, ...texts, ...unique];
      return parts.length === 0 ? [{ kind: "text", text: "Nothing" }] : parts;
    });
}

/** Whole answers, ending as their parts say. */
export function arbitraryAnswer(sign: (signature: string) => string | null): fc.Arbitrary<GenerationAnswer> {
  return fc
    .record({ parts: arbitraryAnswerParts(sign), usage: arbitraryUsage, id: word })
    .map(({ parts, usage, id }) => {
      const hasCalls = parts.some((part) => part.kind === "tool_call");
      return { id, choices: [{ parts, stop: hasCalls ? "tool_calls" : "stop", stopSequence: null }], usage };
    });
}

/** A conversation in which every call has its result. */
export function arbitraryMessages(sign: (signature: string) => string | null): fc.Arbitrary<Message[]> {
  const image = base64.map((data) => ({
    kind: "image" as const,
    mediaType: "image/png",
    source: { kind: "base64" as const, data },
    fileName: null,
  }));
  const question: fc.Arbitrary<Message> = fc
    .tuple(text, fc.array(image, { maxLength: 1 }))
    .map(([asked, images]) => ({ role: "user", parts: [{ kind: "text", text: asked }, ...images] }));
  const turn = fc
    .tuple(arbitraryAnswerParts(sign), text, fc.boolean(), question)
    .map(([parts, said, isError, next]) => {
      const results = parts
        .filter((part) => part.kind === "tool_call")
        .map((call) => ({
          kind: "tool_result" as const,
          callId: call.id,
          name: null,
          content: [{ kind: "text" as const, text: said }],
          isError,
        }));
      const answered: Message = results.length > 0 ? { role: "user", parts: results } : next;
      return [{ role: "assistant" as const, parts }, answered];
    });
  return fc.tuple(question, fc.array(turn, { maxLength: 3 })).map(([first, turns]) => [first, ...turns.flat()]);
}

/** The stream that says a whole answer, its texts and arguments cut into pieces of `pieceChars`. */
export function streamOf(answer: GenerationAnswer, pieceChars: number): StreamPart[] {
  const parts: StreamPart[] = [{ kind: "start", id: answer.id }];
  const [choice] = answer.choices;
  let index = 0;
  for (const part of choice?.parts ?? []) {
    if (part.kind === "text")
      for (const piece of pieces(part.text, pieceChars)) parts.push({ kind: "text", choice: 0, text: piece });
    if (part.kind === "reasoning") {
      for (const piece of pieces(part.text, pieceChars)) {
        parts.push({ kind: "reasoning", choice: 0, text: piece, signature: null, redacted: null });
      }
      parts.push({ kind: "reasoning", choice: 0, text: "", signature: part.signature, redacted: part.redacted });
    }
    if (part.kind !== "tool_call") continue;
    parts.push({ kind: "tool_call_start", choice: 0, index, id: part.id, name: part.name, signature: part.signature });
    for (const piece of pieces(part.argumentsJson, pieceChars)) {
      parts.push({ kind: "tool_call_arguments", choice: 0, index, json: piece });
    }
    parts.push({ kind: "tool_call_end", choice: 0, index });
    index += 1;
  }
  parts.push({ kind: "finish", choice: 0, stop: choice?.stop ?? "other", stopSequence: choice?.stopSequence ?? null });
  if (answer.usage !== null) parts.push({ kind: "usage", usage: answer.usage });
  return parts;
}

function pieces(whole: string, pieceChars: number): string[] {
  const characters = Array.from(whole);
  const found: string[] = [];
  for (let at = 0; at < characters.length; at += pieceChars) found.push(characters.slice(at, at + pieceChars).join(""));
  return found;
}

/** Stream parts with neighbours of one kind put together: what a stream says, however it was cut. */
export function merged(parts: readonly StreamPart[]): StreamPart[] {
  const found: StreamPart[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (part.kind === "text" && last?.kind === "text" && last.choice === part.choice) {
      found[found.length - 1] = { ...last, text: last.text + part.text };
    } else if (
      part.kind === "reasoning" &&
      last?.kind === "reasoning" &&
      last.signature === null &&
      part.redacted === null
    ) {
      found[found.length - 1] = { ...last, text: last.text + part.text, signature: part.signature };
    } else if (
      part.kind === "tool_call_arguments" &&
      last?.kind === "tool_call_arguments" &&
      last.index === part.index
    ) {
      found[found.length - 1] = { ...last, json: last.json + part.json };
    } else found.push(part);
  }
  return found;
}

/** What a writer makes of parts. */
export function written(writer: StreamWriter, parts: readonly StreamPart[]): string {
  const out: string[] = [];
  for (const part of parts) writer.write([part], out);
  writer.end(out);
  return out.join("");
}

/** What a reader makes of bytes that come in chunks that end at the given offsets. */
export function readIn(reader: StreamReader, bytes: Buffer, cuts: readonly number[]): StreamPart[] {
  const out: StreamPart[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.push(bytes.subarray(from, cut), out);
    from = cut;
  }
  reader.push(bytes.subarray(from), out);
  reader.end(out);
  return out;
}

/** Anything JSON can say, in place of anything in `valid`: what a reader must survive. */
export function hostile(valid: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(valid, []);
  const junk = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(null, [], {}, "", -1, 1e308, true, [[]], [{}]));
  return fc.tuple(fc.constantFrom(...paths), junk).map(([path, value]) => replaced(valid, path, value));
}

function pathsOf(value: unknown, path: string[]): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item));
  if (typeof value !== "object" || value === null) return by;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? replaced(item, rest, by) : item]),
  );
}
