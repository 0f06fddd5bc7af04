import type { Received } from "#gateway/testing/upstream.ts";

/** What a healthy upstream would answer to a call, in the dialect it was asked in. */
export interface Wire {
  readonly isStream: boolean;
  /** The whole answer as JSON. */
  readonly whole: string;
  /** The events of the streamed answer, one write each; the last two end it. */
  readonly events: readonly string[];
  /** The event that carries a piece of text: what a stream that never ends repeats. */
  readonly textEvent: string;
}

/** What the model says, in the pieces in which it streams. */
const PIECES = ["One ", "gateway ", "for ", "every ", "model."];
export const SAID = PIECES.join("");

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: Readonly<Record<string, unknown>>): string => `event: ${value.type}\n${data(value)}`;

type Reported = (usage: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

function chat(isStream: boolean, reported: Reported): Wire {
  const usage = reported({ usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 } });
  const base = { id: "chatcmpl-1", created: 1, model: "m" };
  const chunk = (delta: object, finish: string | null) =>
    data({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] });
  const message = { role: "assistant", content: SAID, refusal: null };
  const choices = [{ index: 0, message, finish_reason: "stop", logprobs: null }];
  return {
    isStream,
    whole: JSON.stringify({ ...base, object: "chat.completion", choices, ...usage }),
    events: [
      ...PIECES.map((content) => chunk({ content }, null)),
      chunk({}, "stop"),
      data({ ...base, object: "chat.completion.chunk", choices: [], ...usage }),
      "data: [DONE]\n\n",
    ],
    textEvent: chunk({ content: "more " }, null),
  };
}

function responses(isStream: boolean, reported: Reported): Wire {
  const details = { input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } };
  const usage = reported({ usage: { input_tokens: 7, output_tokens: 5, total_tokens: 12, ...details } });
  const part = { type: "output_text", text: SAID, annotations: [] };
  const item = { id: "msg_1", type: "message", role: "assistant", status: "completed", content: [part] };
  const response = { id: "resp_1", object: "response", created_at: 1, model: "m", error: null, tools: [] };
  const done = { ...response, status: "completed", output: [item], ...usage };
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const delta = (text: string) => named({ type: "response.output_text.delta", ...at, delta: text });
  const began = { type: "response.created", response: { ...response, status: "in_progress", output: [] } };
  const finished = { type: "response.completed", response: done };
  return {
    isStream,
    whole: JSON.stringify(done),
    events: [named(began), ...PIECES.map(delta), named(finished)],
    textEvent: delta("more "),
  };
}

function anthropic(isStream: boolean, reported: Reported): Wire {
  const base = { id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null };
  const usage = reported({ usage: { input_tokens: 7, output_tokens: 5 } });
  const message = { ...base, content: [{ type: "text", text: SAID }], stop_reason: "end_turn", ...usage };
  const delta = (text: string) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
  const start = { type: "message_start", message: { ...base, content: [], stop_reason: null, ...usage } };
  const block = { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
  const blockEnd = { type: "content_block_stop", index: 0 };
  const end = { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, ...usage };
  return {
    isStream,
    whole: JSON.stringify(message),
    events: [
      named(start),
      named(block),
      ...PIECES.map(delta),
      named(blockEnd),
      named(end),
      named({ type: "message_stop" }),
    ],
    textEvent: delta("more "),
  };
}

function gemini(isStream: boolean, reported: Reported): Wire {
  const usage = reported({ usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 12 } });
  const answer = (text: string, more: object) => ({
    candidates: [{ index: 0, content: { role: "model", parts: [{ text }] }, ...more }],
    modelVersion: "m",
  });
  const stop = { finishReason: "STOP" };
  return {
    isStream,
    whole: JSON.stringify({ ...answer(SAID, stop), ...usage }),
    events: PIECES.map((text, place) =>
      data(place === PIECES.length - 1 ? { ...answer(text, stop), ...usage } : answer(text, {})),
    ),
    textEvent: data(answer("more ", {})),
  };
}

/** The healthy answer to a request, with or without what it used. */
export function wireOf({ path, body }: Received, hasUsage: boolean): Wire {
  const reported: Reported = (usage) => (hasUsage ? usage : {});
  if (path.includes("/v1beta/")) return gemini(path.includes(":streamGenerateContent"), reported);
  const isStream = /"stream"\s*:\s*true/.test(body);
  if (path.startsWith("/v1/messages")) return anthropic(isStream, reported);
  return path.startsWith("/v1/responses") ? responses(isStream, reported) : chat(isStream, reported);
}
