import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { StreamReader } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import { countOf, fieldOf, isObject, parseJson, textOf } from "../json-fields.ts";
import { type EventFrame, EventFrames } from "./event-frames.ts";
import { readBedrockError } from "./read-answer.ts";
import { readStopReason } from "./stop-reason.ts";
import { readBedrockUsage } from "./usage.ts";

/** Calls that are open at once; the API opens one. */
const OPEN_CALLS_MAX = 1_000;
const BROKEN_OFF = "The upstream broke off its answer.";
const GARBAGE = "The upstream's stream cannot be understood.";

interface OpenCall {
  readonly index: number;
  hasArguments: boolean;
}

/** Reads the binary events of ConverseStream. */
export class BedrockStreamReader implements StreamReader {
  private readonly frames = new EventFrames();
  /** Calls by the number of their block. */
  private readonly open = new Map<number, OpenCall>();
  private calls = 0;
  private usage: TokenUsage | null = null;
  private isStarted = false;
  private isFinished = false;
  private isOver = false;

  push(chunk: Buffer, out: StreamPart[]): void {
    if (this.isOver) return;
    let frames: EventFrame[];
    try {
      frames = this.frames.push(chunk);
    } catch {
      this.fail(GARBAGE, null, out);
      return;
    }
    for (const frame of frames) if (!this.isOver) this.read(frame, out);
  }

  /** The usage comes in the last event, which some models leave out. */
  end(out: StreamPart[]): void {
    if (this.isOver) return;
    this.isOver = true;
    const isWhole = this.isFinished && !this.frames.isInMessage;
    if (!isWhole) out.push({ kind: "error", message: BROKEN_OFF, type: null });
    else if (this.usage !== null) out.push({ kind: "usage", usage: this.usage });
  }

  private fail(message: string, type: string | null, out: StreamPart[]): void {
    this.isOver = true;
    out.push({ kind: "error", message, type });
  }

  private read({ headers, body }: EventFrame, out: StreamPart[]): void {
    const event = parseJson(body.toString());
    const kind = headers.get(":message-type");
    if (kind === "exception") {
      this.fail(readBedrockError(event) ?? BROKEN_OFF, headers.get(":exception-type") ?? null, out);
      return;
    }
    if (kind === "error") {
      this.fail(headers.get(":error-message") ?? BROKEN_OFF, headers.get(":error-code") ?? null, out);
      return;
    }
    if (isObject(event)) this.readEvent(headers.get(":event-type"), event, out);
    else this.fail(GARBAGE, null, out);
  }

  private readEvent(type: string | undefined, event: unknown, out: StreamPart[]): void {
    if (!this.isStarted) out.push({ kind: "start", id: null });
    this.isStarted = true;
    const at = countOf(event, "contentBlockIndex") ?? 0;
    switch (type) {
      case "contentBlockStart":
        this.openBlock(at, fieldOf(fieldOf(event, "start"), "toolUse"), out);
        return;
      case "contentBlockDelta":
        this.readDelta(at, fieldOf(event, "delta"), out);
        return;
      case "contentBlockStop":
        this.closeBlock(at, out);
        return;
      case "messageStop":
        if (this.isFinished) return;
        this.isFinished = true;
        out.push({ kind: "finish", choice: 0, stop: readStopReason(fieldOf(event, "stopReason")), stopSequence: null });
        return;
      case "metadata":
        this.usage = readBedrockUsage(fieldOf(event, "usage")) ?? this.usage;
    }
  }

  private openBlock(at: number, call: unknown, out: StreamPart[]): void {
    if (!isObject(call)) return;
    if (this.open.size >= OPEN_CALLS_MAX) {
      this.fail(GARBAGE, null, out);
      return;
    }
    const index = this.calls;
    this.calls += 1;
    this.open.set(at, { index, hasArguments: false });
    const [id, name] = [textOf(call, "toolUseId") ?? "", textOf(call, "name") ?? ""];
    out.push({ kind: "tool_call_start", choice: 0, index, id, name, signature: null });
  }

  private readDelta(at: number, delta: unknown, out: StreamPart[]): void {
    const text = textOf(delta, "text") ?? "";
    if (text !== "") out.push({ kind: "text", choice: 0, text });
    const reasoning = fieldOf(delta, "reasoningContent");
    if (reasoning !== undefined) this.readReasoning(reasoning, out);
    const call = this.open.get(at);
    const json = textOf(fieldOf(delta, "toolUse"), "input") ?? "";
    if (call === undefined || json === "") return;
    call.hasArguments = true;
    out.push({ kind: "tool_call_arguments", choice: 0, index: call.index, json });
  }

  private readReasoning(reasoning: unknown, out: StreamPart[]): void {
    const text = textOf(reasoning, "text") ?? "";
    const signature = textOf(reasoning, "signature");
    const own = signature === "" ? null : signature;
    const redacted = textOf(reasoning, "redactedContent");
    if (text === "" && own === null && redacted === null) return;
    out.push({ kind: "reasoning", choice: 0, text, signature: own, redacted });
  }

  private closeBlock(at: number, out: StreamPart[]): void {
    const call = this.open.get(at);
    if (call === undefined) return;
    this.open.delete(at);
    const { index, hasArguments } = call;
    if (!hasArguments) out.push({ kind: "tool_call_arguments", choice: 0, index, json: "{}" });
    out.push({ kind: "tool_call_end", choice: 0, index });
  }
}
