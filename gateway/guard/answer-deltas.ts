import { fieldOf, listOf } from "#gateway/dialects/json-fields.ts";
import type { GatewayAction } from "#lib/contract/action.ts";

/** A piece of a text that comes in pieces, inside one event of a stream. */
export interface Delta {
  /** Names the text that it is a piece of, for the whole stream. */
  readonly key: string;
  readonly text: string;
  replace(text: string): void;
  /** An event of the same kind that carries another piece of the same text, and nothing else. */
  carry(text: string): object;
}

/** How the events of one kind of stream carry text. Events are parsed JSON; what is not understood yields nothing. */
export interface DeltaReader {
  /** The pieces of text in an event, in order. */
  deltas(event: object): Delta[];
  /** Which texts end with this event: all whose key begins with one of these. */
  closes(event: object): readonly string[];
}

function indexOf(item: unknown, place: number, name = "index"): number {
  const index = fieldOf(item, name);
  return typeof index === "number" ? index : place;
}

/** The piece in a field of an object; none where the field holds no text. */
function deltaIn(holder: unknown, name: string, key: string, carry: (text: string) => object): Delta[] {
  const text = fieldOf(holder, name);
  if (typeof text !== "string" || typeof holder !== "object" || holder === null) return [];
  return [{ key, text, replace: (other) => Reflect.set(holder, name, other), carry }];
}

const CHAT_FIELDS = ["content", "refusal", "reasoning_content", "reasoning"];

/** What some vendors of OpenAI's dialect say in lists: contents of several kinds, reasoning with its details. */
function listDeltas(delta: unknown, at: string, carry: (parts: object) => object): Delta[] {
  const content = listOf(delta, "content").flatMap((part) =>
    deltaIn(part, "text", `${at}content`, (text) => carry({ content: [{ type: "text", text }] })),
  );
  const details = listOf(delta, "reasoning_details").flatMap((detail, order) => {
    const index = indexOf(detail, order);
    const type = fieldOf(detail, "type");
    return ["text", "summary"].flatMap((name) =>
      deltaIn(detail, name, `${at}detail ${index}/${name}`, (text) =>
        carry({ reasoning_details: [{ type, index, [name]: text }] }),
      ),
    );
  });
  const spoken = deltaIn(fieldOf(delta, "audio"), "transcript", `${at}transcript`, (transcript) =>
    carry({ audio: { transcript } }),
  );
  return [...content, ...details, ...spoken];
}

/** What an event of OpenAI's says of its answer, with other choices. */
function withChoice(event: object, choice: object): object {
  const { id, object, created, model } = { id: null, object: null, created: null, model: null, ...event };
  return { id, object, created, model, choices: [choice] };
}

function chatDeltas(event: object): Delta[] {
  return listOf(event, "choices").flatMap((choice, place) => {
    const index = indexOf(choice, place);
    const delta = fieldOf(choice, "delta");
    const at = `${index}/`;
    const carry = (parts: object): object => withChoice(event, { index, delta: parts, finish_reason: null });
    const texts = CHAT_FIELDS.flatMap((name) => deltaIn(delta, name, at + name, (text) => carry({ [name]: text })));
    const tools = listOf(delta, "tool_calls").flatMap((tool, order) => {
      const number = indexOf(tool, order);
      return [
        ...deltaIn(fieldOf(tool, "function"), "arguments", `${at}tool ${number}`, (text) =>
          carry({ tool_calls: [{ index: number, function: { arguments: text } }] }),
        ),
        ...deltaIn(fieldOf(tool, "custom"), "input", `${at}custom ${number}`, (text) =>
          carry({ tool_calls: [{ index: number, custom: { input: text } }] }),
        ),
      ];
    });
    const old = deltaIn(fieldOf(delta, "function_call"), "arguments", `${at}function`, (text) =>
      carry({ function_call: { arguments: text } }),
    );
    return [...texts, ...listDeltas(delta, at, carry), ...tools, ...old];
  });
}

function completionDeltas(event: object): Delta[] {
  return listOf(event, "choices").flatMap((choice, place) => {
    const index = indexOf(choice, place);
    return deltaIn(choice, "text", `${index}/text`, (text) =>
      withChoice(event, { index, text, logprobs: null, finish_reason: null }),
    );
  });
}

function closedChoices(event: object): string[] {
  return listOf(event, "choices").flatMap((choice, place) =>
    (fieldOf(choice, "finish_reason") ?? null) === null ? [] : [`${indexOf(choice, place)}/`],
  );
}

/** OpenAI's responses and transcriptions: every piece is the `delta` of an event whose type says what it is a piece of. */
function responseDeltas(event: object): Delta[] {
  const type = fieldOf(event, "type");
  if (typeof type !== "string" || !type.endsWith(".delta")) return [];
  const part = fieldOf(event, "content_index") ?? fieldOf(event, "summary_index") ?? 0;
  const key = `${String(fieldOf(event, "item_id"))}/${type}/${String(part)}`;
  return deltaIn(event, "delta", key, (text) => ({ ...event, delta: text }));
}

function closedItems(event: object): string[] {
  const type = fieldOf(event, "type");
  if (typeof type !== "string") return [];
  if (type === "response.completed" || type === "response.incomplete" || type === "response.failed") return [""];
  if (type === "transcript.text.done") return [""];
  const item = fieldOf(event, "item_id") ?? fieldOf(fieldOf(event, "item"), "id");
  return type.endsWith(".done") && typeof item === "string" ? [`${item}/`] : [];
}

const BLOCK_FIELDS = ["text", "thinking", "partial_json"];

function messageDeltas(event: object): Delta[] {
  if (fieldOf(event, "type") !== "content_block_delta") return [];
  const index = fieldOf(event, "index");
  const delta = fieldOf(event, "delta");
  const type = fieldOf(delta, "type");
  return BLOCK_FIELDS.flatMap((name) =>
    deltaIn(delta, name, `${String(index)}/${name}`, (text) => ({
      type: "content_block_delta",
      index,
      delta: { type, [name]: text },
    })),
  );
}

function closedBlocks(event: object): string[] {
  const type = fieldOf(event, "type");
  if (type === "message_stop") return [""];
  return type === "content_block_stop" ? [`${String(fieldOf(event, "index"))}/`] : [];
}

function geminiDeltas(event: object): Delta[] {
  return listOf(event, "candidates").flatMap((candidate, place) => {
    const index = indexOf(candidate, place);
    return listOf(fieldOf(candidate, "content"), "parts").flatMap((part) => {
      const thought = fieldOf(part, "thought") === true;
      return deltaIn(part, "text", `${index}/${thought ? "thought" : "text"}`, (text) => ({
        candidates: [{ content: { parts: [thought ? { text, thought } : { text }], role: "model" }, index }],
      }));
    });
  });
}

function closedCandidates(event: object): string[] {
  return listOf(event, "candidates").flatMap((candidate, place) =>
    (fieldOf(candidate, "finishReason") ?? null) === null ? [] : [`${indexOf(candidate, place)}/`],
  );
}

/** Responses and transcriptions alike. */
const TYPED: DeltaReader = { deltas: responseDeltas, closes: closedItems };

/** The actions whose answers hold text, with how their streams carry it. The answers of all others are not read. */
export const DELTA_READERS: Readonly<Partial<Record<GatewayAction, DeltaReader>>> = {
  "chat.completions": { deltas: chatDeltas, closes: closedChoices },
  completions: { deltas: completionDeltas, closes: closedChoices },
  responses: TYPED,
  messages: { deltas: messageDeltas, closes: closedBlocks },
  generate_content: { deltas: geminiDeltas, closes: closedCandidates },
  stream_generate_content: { deltas: geminiDeltas, closes: closedCandidates },
  "audio.transcriptions": TYPED,
  "audio.translations": TYPED,
};
