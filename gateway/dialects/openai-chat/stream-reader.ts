import type { UsageReader } from "#gateway/dialects/usage-reader.ts";
import { DeltaTemplate } from "#gateway/stream/delta-template.ts";
import { EventSplitter, eventData } from "#gateway/stream/event-splitter.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { StreamReader } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import { fieldOf, isObject, type JsonObject, listOf, parseJson, textOf } from "../json-fields.ts";
import { readStopReason } from "../openai-stop-reason.ts";
import { readErrorMessage } from "./answer.ts";
import { readReasoning } from "./reasoning-details.ts";
import { readCallSignature } from "./tool-call-signature.ts";

/** The longest event that is read: an image may be in it. */
const EVENT_BYTES_MAX = 16 * 1_024 * 1_024;
const CONTENT_KEY = Buffer.from('"content":"');

/** Tool calls of one choice that have begun and not ended, by their index. */
type OpenCalls = Set<number>;

/** Reads `chat.completion.chunk` events. Hot path. */
export class ChatStreamReader implements StreamReader {
  private readonly events = new EventSplitter(EVENT_BYTES_MAX);
  private readonly template = new DeltaTemplate();
  /** The choice that the template's text belongs to. */
  private templateChoice = 0;
  private readonly calls = new Map<number, OpenCalls>();
  private readonly finished = new Set<number>();
  private usage: TokenUsage | null = null;
  private readonly usageReader: UsageReader;
  private hasStarted = false;
  private isOver = false;

  constructor(usageReader: UsageReader) {
    this.usageReader = usageReader;
  }

  push(chunk: Buffer, out: StreamPart[]): void {
    if (this.isOver) return;
    this.events.push(chunk);
    for (let event = this.events.next(); event !== null && !this.isOver; event = this.events.next()) {
      const text = this.template.read(event);
      if (text === null) this.readEvent(event, out);
      else out.push({ kind: "text", choice: this.templateChoice, text });
    }
    if (this.events.isOversized) this.fail("The upstream sent an event that is too long.", out);
  }

  end(out: StreamPart[]): void {
    if (this.isOver) return;
    const rest = this.events.rest();
    if (rest.length > 0) this.readEvent(rest, out);
    if (!this.isOver) this.finish(out);
  }

  private readEvent(event: Buffer, out: StreamPart[]): void {
    const data = eventData(event);
    if (data === "") return;
    if (data === "[DONE]") {
      this.finish(out);
      return;
    }
    const value = parseJson(data);
    if (!isObject(value)) this.fail("The upstream sent an event that could not be understood.", out);
    else if (value.error !== undefined && value.error !== null) {
      this.fail(readErrorMessage(value) ?? "The upstream reported an error.", out);
    } else this.readChunk(value, event, out);
  }

  private readChunk(chunk: JsonObject, event: Buffer, out: StreamPart[]): void {
    const choices = listOf(chunk, "choices");
    // Azure sends what its filter found in the prompt ahead of everything, as a chunk without an id.
    if (!this.hasStarted && choices.length > 0) {
      this.hasStarted = true;
      const id = textOf(chunk, "id");
      out.push({ kind: "start", id: id === "" ? null : id });
    }
    for (const choice of choices) this.readChoice(choice, event, choices.length === 1, out);
    const usage = fieldOf(chunk, "usage") ?? fieldOf(fieldOf(chunk, "x_groq"), "usage");
    if (usage !== undefined) this.usage = this.usageReader.read(usage) ?? this.usage;
  }

  private readChoice(value: unknown, event: Buffer, isAlone: boolean, out: StreamPart[]): void {
    const choice = choiceIndex(value);
    const delta = fieldOf(value, "delta");
    if (isObject(delta)) this.readDelta(delta, choice, isAlone ? event : null, out);
    const word = textOf(value, "finish_reason");
    if (word === null || word === "" || this.finished.has(choice)) return;
    this.closeCalls(choice, out);
    this.finished.add(choice);
    out.push({ kind: "finish", choice, stop: readStopReason(word), stopSequence: null });
  }

  private readDelta(delta: JsonObject, choice: number, event: Buffer | null, out: StreamPart[]): void {
    const { content } = delta;
    if (typeof content === "string" && content !== "") {
      if (event !== null && isTextOnly(delta)) this.learn(event, content, choice);
      out.push({ kind: "text", choice, text: content });
    }
    if (hasReasoning(delta)) for (const part of readReasoning(delta)) out.push({ ...part, choice });
    const refusal = textOf(delta, "refusal");
    if (refusal !== null && refusal !== "") out.push({ kind: "refusal", choice, text: refusal });
    if (delta.tool_calls !== undefined) {
      for (const call of listOf(delta, "tool_calls")) this.readCall(call, choice, out);
    }
  }

  private learn(event: Buffer, content: string, choice: number): void {
    this.template.learn(event, CONTENT_KEY, content);
    this.templateChoice = choice;
  }

  private readCall(value: unknown, choice: number, out: StreamPart[]): void {
    let open = this.calls.get(choice);
    if (open === undefined) {
      open = new Set();
      this.calls.set(choice, open);
    }
    const called = fieldOf(value, "function");
    const name = textOf(called, "name");
    const given = fieldOf(value, "index");
    const isNew = name !== null && name !== "" && textOf(value, "id") !== null;
    const index = typeof given === "number" ? given : isNew ? open.size : open.size - 1;
    if (!open.has(index)) {
      if (name === null) {
        this.fail("The upstream sent arguments of a tool call that has not begun.", out);
        return;
      }
      open.add(index);
      const id = textOf(value, "id") ?? `call_${choice}_${index}`;
      out.push({ kind: "tool_call_start", choice, index, id, name, signature: readCallSignature(value) });
    }
    const json = textOf(called, "arguments");
    if (json !== null && json !== "") out.push({ kind: "tool_call_arguments", choice, index, json });
  }

  private closeCalls(choice: number, out: StreamPart[]): void {
    for (const index of this.calls.get(choice) ?? []) out.push({ kind: "tool_call_end", choice, index });
    this.calls.delete(choice);
  }

  private finish(out: StreamPart[]): void {
    if (this.finished.size === 0) {
      this.fail("The upstream broke off its answer.", out);
      return;
    }
    this.isOver = true;
    if (this.usage !== null) out.push({ kind: "usage", usage: this.usage });
  }

  private fail(message: string, out: StreamPart[]): void {
    if (this.isOver) return;
    this.isOver = true;
    out.push({ kind: "error", message, type: null });
  }
}

function choiceIndex(value: unknown): number {
  const index = fieldOf(value, "index");
  return typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : 0;
}

function hasReasoning(delta: JsonObject): boolean {
  return (
    delta.reasoning_content !== undefined || delta.reasoning !== undefined || delta.reasoning_details !== undefined
  );
}

/** Whether a delta says nothing but a piece of text, so that events like it can be read without parsing. */
function isTextOnly(delta: JsonObject): boolean {
  for (const name in delta) {
    if (name !== "content" && name !== "role" && delta[name] !== null && delta[name] !== "") return false;
  }
  return true;
}
