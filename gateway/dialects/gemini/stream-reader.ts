import { EventSplitter, eventData } from "#gateway/stream/event-splitter.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { StreamReader } from "../dialect.ts";
import type { AnswerPart, StreamPart } from "../generation.ts";
import { countOf, fieldOf, isObject, listOf, parseJson, textOf } from "../json-fields.ts";
import { generatedCallId } from "./call-id.ts";
import { readFinishReason } from "./finish-reason.ts";
import { isBlocked, readAnswerPart } from "./read-answer.ts";
import { readGeminiUsage } from "./usage.ts";

/** The longest event: an answer may hold whole arguments of calls, and more. */
const EVENT_BYTES_MAX = 16 * 1_024 * 1_024;
/** Candidates of one answer; the API gives eight at most. */
const CHOICES_MAX = 128;
const BROKEN_OFF = "The upstream broke off its answer.";
const GARBAGE = "The upstream's stream cannot be understood.";
const MEDIA = "The upstream answered with media, which a translated stream cannot carry.";

/** Reads the server-sent events of `:streamGenerateContent?alt=sse`: each is an answer with what is new in it. */
export class GeminiStreamReader implements StreamReader {
  private readonly events = new EventSplitter(EVENT_BYTES_MAX);
  private readonly choices = new Map<number, { calls: number; isFinished: boolean }>();
  private id: string | null = null;
  private usage: TokenUsage | null = null;
  private isStarted = false;
  private isOver = false;

  push(chunk: Buffer, out: StreamPart[]): void {
    if (this.isOver) return;
    this.events.push(chunk);
    for (let event = this.events.next(); event !== null && !this.isOver; event = this.events.next()) {
      this.readEvent(event, out);
    }
    if (this.events.isOversized && !this.isOver) this.fail(GARBAGE, null, out);
  }

  /** There is no event for the end: the stream is whole when every candidate has said why it ended. */
  end(out: StreamPart[]): void {
    if (!this.isOver) this.readEvent(this.events.rest(), out);
    if (this.isOver) return;
    this.isOver = true;
    const isWhole = this.choices.size > 0 && [...this.choices.values()].every(({ isFinished }) => isFinished);
    if (!isWhole) out.push({ kind: "error", message: BROKEN_OFF, type: null });
    else if (this.usage !== null) out.push({ kind: "usage", usage: this.usage });
  }

  private readEvent(event: Buffer, out: StreamPart[]): void {
    const data = eventData(event);
    if (data !== "") this.read(parseJson(data), out);
  }

  private fail(message: string, type: string | null, out: StreamPart[]): void {
    this.isOver = true;
    out.push({ kind: "error", message, type });
  }

  private read(chunk: unknown, out: StreamPart[]): void {
    if (!isObject(chunk)) {
      this.fail(GARBAGE, null, out);
      return;
    }
    const error = fieldOf(chunk, "error");
    if (error !== undefined) {
      this.fail(textOf(error, "message") ?? BROKEN_OFF, textOf(error, "status"), out);
      return;
    }
    this.id ??= textOf(chunk, "responseId");
    if (!this.isStarted) out.push({ kind: "start", id: this.id });
    this.isStarted = true;
    this.usage = readGeminiUsage(fieldOf(chunk, "usageMetadata")) ?? this.usage;
    for (const candidate of listOf(chunk, "candidates")) if (!this.isOver) this.readCandidate(candidate, out);
    if (!this.isOver && isBlocked(chunk) && this.choices.size === 0) this.finish(0, "content_filter", out);
  }

  private choice(index: number): { calls: number; isFinished: boolean } {
    const known = this.choices.get(index);
    if (known !== undefined) return known;
    const choice = { calls: 0, isFinished: false };
    this.choices.set(index, choice);
    return choice;
  }

  private readCandidate(candidate: unknown, out: StreamPart[]): void {
    if (!isObject(candidate)) return;
    const index = countOf(candidate, "index") ?? 0;
    if (index >= CHOICES_MAX) {
      this.fail(GARBAGE, null, out);
      return;
    }
    const choice = this.choice(index);
    if (choice.isFinished) return;
    const newId = () => generatedCallId(this.id, choice.calls + 1);
    for (const each of listOf(fieldOf(candidate, "content"), "parts")) {
      for (const part of readAnswerPart(each, newId)) this.pushPart(part, index, out);
    }
    const reason = textOf(candidate, "finishReason");
    if (reason !== null && !this.isOver) this.finish(index, readFinishReason(reason, choice.calls > 0), out);
  }

  private finish(index: number, stop: Extract<StreamPart, { kind: "finish" }>["stop"], out: StreamPart[]): void {
    this.choice(index).isFinished = true;
    out.push({ kind: "finish", choice: index, stop, stopSequence: null });
  }

  private pushPart(part: AnswerPart, at: number, out: StreamPart[]): void {
    if (this.isOver) return;
    switch (part.kind) {
      case "text":
      case "refusal":
        out.push({ kind: part.kind, choice: at, text: part.text });
        return;
      case "reasoning":
        if (part.text !== "" || part.signature !== null) out.push({ ...part, choice: at });
        return;
      case "tool_call": {
        const choice = this.choice(at);
        const index = choice.calls;
        choice.calls += 1;
        const { id, name, signature, argumentsJson } = part;
        out.push({ kind: "tool_call_start", choice: at, index, id, name, signature });
        out.push({ kind: "tool_call_arguments", choice: at, index, json: argumentsJson });
        out.push({ kind: "tool_call_end", choice: at, index });
        return;
      }
      default:
        this.fail(MEDIA, null, out);
    }
  }
}
