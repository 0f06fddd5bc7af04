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
const BASE64 = /^[A-Za-z0-9+/_=-]{64}/;
const DATA_URL = /^data:[a-z]+\/[a-z0-9.+-]+;base64,/i;

function isText(key: string, value: string): boolean {
  if (value === "" || NOT_TEXT.has(key)) return false;
  if (BYTES.has(key) && BASE64.test(value)) return false;
  return !DATA_URL.test(value);
}

function walk(value: unknown, into: TextPlace[]): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      if (typeof item === "string") {
        if (item !== "" && !DATA_URL.test(item)) into.push(placeIn(value, index, item));
      } else walk(item, into);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "string") {
        if (isText(key, item)) into.push(placeIn(value, key, item));
      } else walk(item, into);
    }
  }
}

function placeIn(holder: object, key: string | number, text: string): TextPlace {
  return { text, replace: (other) => Reflect.set(holder, key, other) };
}

/**
 * Every text of a request that a model may read, in the order of the body: of all fields but those known to hold none, so
 * that a parameter nobody has heard of is no way past a guardrail. The value was parsed from a body of bounded depth.
 */
export function promptTexts(body: object): TextPlace[] {
  const places: TextPlace[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (NOT_PROMPT.has(key)) continue;
    if (typeof value === "string") {
      if (isText(key, value)) places.push(placeIn(body, key, value));
    } else walk(value, places);
  }
  return places;
}

/** Every text of an answer, ids and marks left out. */
export function answerTexts(body: unknown): TextPlace[] {
  const places: TextPlace[] = [];
  walk(body, places);
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
