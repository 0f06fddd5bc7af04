import { parseJson } from "#gateway/dialects/json-fields.ts";
import { skipSpace } from "#gateway/stream/json-bytes.ts";
import type { GatewayAction } from "#lib/contract/action.ts";
import type { Call } from "./call.ts";
import { wantsJsonArray } from "./json-array.ts";

const ERROR = String.raw`"error"\s*:\s*[{"]`;
const CHAT_END = new RegExp(String.raw`"finish_reason"\s*:\s*"|${ERROR}`);

/** What stands in one of the last events of a whole stream, by action: an upstream's own error ends one as well. */
const END_MARKS: Partial<Record<GatewayAction, RegExp>> = {
  "chat.completions": CHAT_END,
  completions: CHAT_END,
  responses: new RegExp(String.raw`"type"\s*:\s*"(response\.(completed|failed|incomplete)|error)"|${ERROR}`),
  messages: new RegExp(String.raw`"type"\s*:\s*"(message_stop|error)"|${ERROR}`),
  stream_generate_content: new RegExp(String.raw`"(finishReason|blockReason)"\s*:\s*"|${ERROR}`),
};

/** Asked for whole, these answer with an object that tells what was used. */
const GENERATIONS: ReadonlySet<GatewayAction> = new Set([
  "chat.completions",
  "completions",
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
]);

const REPORTS_ERROR = new RegExp(String.raw`^\s*\{\s*${ERROR}`);
const EVENTS = /^\s*(data|event|id|retry)?:/;
const BEGINNING_CHARS = 64;
const OPEN = 0x7b;
const OPEN_LIST = 0x5b;
const CLOSE = 0x7d;
const CLOSE_LIST = 0x5d;

/** What tells that a stream of this action is whole; null where streams are passed on unwatched. */
export function endMarkOf(action: GatewayAction): RegExp | null {
  return END_MARKS[action] ?? null;
}

/**
 * Whether a body that is passed on is an answer to the call: a model's answer must be JSON that is no error, or events
 * where a stream was asked for. JSON whose ends fit and that tells its usage is taken for whole; it is parsed only where usage is missing.
 */
export function isAnswer(call: Call, body: Buffer, hasUsage: boolean): boolean {
  if (!GENERATIONS.has(call.action)) return true;
  const isList = wantsJsonArray(call);
  const beginning = body.toString("latin1", 0, BEGINNING_CHARS);
  if (call.facts?.stream === true && !isList) return EVENTS.test(beginning);
  if (REPORTS_ERROR.test(beginning)) return false;
  let end = body.length - 1;
  while (end >= 0 && (body[end] ?? CLOSE) <= 0x20) end -= 1;
  const start = body[skipSpace(body, 0)];
  const fits = (start === OPEN && body[end] === CLOSE) || (isList && start === OPEN_LIST && body[end] === CLOSE_LIST);
  return fits && (hasUsage || parseJson(body.toString()) !== undefined);
}
