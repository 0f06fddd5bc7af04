import type { Delta, DeltaReader } from "./answer-deltas.ts";

/** A string somewhere in a parsed JSON value, which may be replaced in its place. */
export interface TextPlace {
  readonly text: string;
  replace(text: string): void;
}

/** Fields of a request's top level that no model reads as text. */
const NOT_PROMPT: ReadonlySet<string> = new Set([
  "model",
  "user",
  "safety_identifier",
  "prompt_cache_key",
  "service_tier",
  "previous_response_id",
  "conversation",
  "tool_choice",
  "stream_options",
]);

/** Fields, at any depth, that hold names, ids and marks: to change one would break the call, and none carries a text. */
const NOT_TEXT: ReadonlySet<string> = new Set([
  "type",
  "role",
  "id",
  "call_id",
  "tool_call_id",
  "tool_use_id",
  "item_id",
  "file_id",
  "status",
  "detail",
  "format",
  "media_type",
  "mimeType",
  "mime_type",
  "signature",
  "thoughtSignature",
  "thought_signature",
  "encrypted_content",
  "object",
  "model",
  "system_fingerprint",
  "finish_reason",
  "stop_reason",
  "finishReason",
  "responseId",
  "modelVersion",
]);

/** Fields that hold bytes in base64. */
const BYTES: ReadonlySet<string> = new Set(["data", "file_data", "b64_json"]);
/** Fields that a model reads as they are, whatever they look like. */
const PROSE: ReadonlySet<string> = new Set(["text", "content", "input", "prompt", "instructions", "system", "output"]);
const BASE64 = /^[A-Za-z0-9+/_=\r\n-]*$/;
/** Shorter ones may be words, and cost nothing to search. */
const BASE64_CHARS_MIN = 64;
const DATA_URL = /^data:[a-z]+\/[a-z0-9.+-]+;base64,/i;
/** A number this large may be that of a card, an account or a telephone. */
const LONG_NUMBER = 1_000_000;

/** Whether a string holds bytes and nothing else: to its very end, or a text could stand behind what looks like bytes. */
function isBytes(holder: object, key: string, value: string): boolean {
  if (PROSE.has(key)) return false;
  if (BYTES.has(key) && value.length >= BASE64_CHARS_MIN) {
    // A document may come as plain text in the place of its bytes.
    if (BASE64.test(value)) return Reflect.get(holder, "type") !== "text";
  }
  const url = DATA_URL.exec(value);
  return url !== null && BASE64.test(value.slice(url[0].length));
}

/** What a tool is called with or answers: of any form, so that no name in it means anything here. */
function isFree(holder: object, key: string, parent: string): boolean {
  if (key === "args" || key === "arguments") return true;
  if (key === "input") return !Array.isArray(Reflect.get(holder, key));
  return key === "response" && (parent === "functionResponse" || parent === "function_response");
}

/** Gathers the texts of a value, each in its place. */
class TextWalk {
  readonly places: TextPlace[] = [];

  private list(items: unknown[], name: string, isFreeForm: boolean): void {
    items.forEach((item, index) => {
      if (typeof item !== "string") this.value(item, name, isFreeForm);
      else if (item !== "" && (isFreeForm || !isBytes(items, name, item)))
        this.places.push(placeIn(items, index, item));
    });
  }

  /** Takes one field of an object. */
  field(holder: object, key: string, item: unknown, parent: string, isFreeForm: boolean): void {
    if (typeof item === "string") {
      const isText = item !== "" && (isFreeForm || !NOT_TEXT.has(key)) && !isBytes(holder, key, item);
      if (isText) this.places.push(placeIn(holder, key, item));
    } else if (typeof item === "number") {
      if (isFreeForm && Math.abs(item) >= LONG_NUMBER) this.places.push(placeIn(holder, key, String(item)));
    } else this.value(item, key, isFreeForm || isFree(holder, key, parent));
    if (isFreeForm && key !== "") this.places.push(nameIn(holder, key));
  }

  /** Takes what stands under a name. */
  value(value: unknown, name: string, isFreeForm: boolean): void {
    if (Array.isArray(value)) this.list(value, name, isFreeForm);
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) this.field(value, key, item, name, isFreeForm);
    }
  }
}

function put(holder: object, key: string | number, value: unknown): void {
  // Defined, not set: to set `__proto__` would change nothing that is written.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function placeIn(holder: object, key: string | number, text: string): TextPlace {
  return { text, replace: (other) => put(holder, key, other) };
}

/** A name within a tool's arguments. Stands behind its value, which is replaced under the old name. */
function nameIn(holder: object, key: string): TextPlace {
  return {
    text: key,
    replace: (other) => {
      const value: unknown = Reflect.get(holder, key);
      Reflect.deleteProperty(holder, key);
      put(holder, other, value);
    },
  };
}

/**
 * Every text of a request that a model may read, in the order of the body: of all fields but those known to hold none, so
 * that a parameter nobody has heard of is no way past a guardrail. The value was parsed from a body of bounded depth.
 */
export function promptTexts(body: object): TextPlace[] {
  const walk = new TextWalk();
  for (const [key, value] of Object.entries(body)) {
    if (!NOT_PROMPT.has(key)) walk.field(body, key, value, "", false);
  }
  return walk.places;
}

/** Every text of an answer, ids and marks left out. */
export function answerTexts(body: unknown): TextPlace[] {
  const walk = new TextWalk();
  walk.value(body, "", false);
  return walk.places;
}

/** A text of an answer in pieces, whose pieces come one after another, as one text. */
function joined(pieces: readonly Delta[], text: string): TextPlace {
  return {
    text,
    replace: (other) => {
      pieces.forEach((piece, at) => {
        piece.replace(at === 0 ? other : "");
      });
    },
  };
}

/**
 * Every text of an answer that is there as a whole, ids and marks left out. What a client puts together, from the parts of
 * one object or from the objects of a stream that came as one array, is one text.
 */
export function wholeAnswerTexts(body: unknown, reader: DeltaReader): TextPlace[] {
  const threads = new Map<string, Delta[]>();
  for (const event of Array.isArray(body) ? body : [body]) {
    if (typeof event !== "object" || event === null) continue;
    for (const delta of reader.deltas(event)) {
      const pieces = threads.get(delta.key);
      if (pieces === undefined) threads.set(delta.key, [delta]);
      else pieces.push(delta);
    }
  }
  const split = [...threads.values()].filter((pieces) => pieces.length > 1);
  for (const pieces of split) for (const piece of pieces) piece.replace("");
  const places = answerTexts(body);
  for (const pieces of split) {
    for (const piece of pieces) piece.replace(piece.text);
    places.push(joined(pieces, pieces.map(({ text }) => text).join("")));
  }
  return places;
}

/** Fields of an answer that repeat its text token by token, where no pattern would find it. */
const TOKENS: ReadonlySet<string> = new Set(["logprobs", "logprobsResult"]);

/** Takes the token by token repetitions out of an answer. */
export function dropTokens(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) dropTokens(item);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (TOKENS.has(key)) Reflect.set(value, key, Array.isArray(item) ? [] : null);
      else dropTokens(item);
    }
  }
}
