import { DeltaTemplate } from "#gateway/stream/delta-template.ts";
import { EventSplitter, eventData } from "#gateway/stream/event-splitter.ts";
import type { StreamReader } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import { countOf, fieldOf, isObject, type JsonObject, parseJson, textOf } from "../json-fields.ts";
import { readStopReason } from "./stop-reason.ts";
import { readAnthropicUsage } from "./usage.ts";

/** The longest event; the API's own are far shorter. */
const EVENT_BYTES_MAX = 4 * 1_024 * 1_024;
const TEXT_KEY = Buffer.from('"text":"');
/** Blocks that are open at once; the API opens one. */
const OPEN_BLOCKS_MAX = 1_000;
const BROKEN_OFF = "The upstream broke off its answer.";
const GARBAGE = "The upstream's stream cannot be understood.";

interface OpenBlock {
  /** The tool call's index among the calls; null for any other block. */
  readonly call: number | null;
  /** Arguments that were there from the start, for an upstream that does not stream them. */
  readonly input: string;
  hasArguments: boolean;
}

/** Reads the server-sent events of a streamed message. Hot path. */
export class AnthropicStreamReader implements StreamReader {
  private readonly events = new EventSplitter(EVENT_BYTES_MAX);
  private readonly template = new DeltaTemplate();
  private readonly blocks = new Map<number, OpenBlock>();
  private calls = 0;
  private usage: JsonObject = {};
  private isStarted = false;
  private isFinished = false;
  private isOver = false;

  push(chunk: Buffer, out: StreamPart[]): void {
    if (this.isOver) return;
    this.events.push(chunk);
    for (let event = this.events.next(); event !== null && !this.isOver; event = this.events.next()) {
      const text = this.template.read(event);
      if (text === null) this.readEvent(event, out);
      else if (text !== "") out.push({ kind: "text", choice: 0, text });
    }
    if (this.events.isOversized && !this.isOver) this.fail(GARBAGE, null, out);
  }

  end(out: StreamPart[]): void {
    if (this.isOver) return;
    this.readEvent(this.events.rest(), out);
    if (this.isOver) return;
    if (this.isFinished) this.stop(out);
    else this.fail(BROKEN_OFF, null, out);
  }

  private fail(message: string, type: string | null, out: StreamPart[]): void {
    this.isOver = true;
    out.push({ kind: "error", message, type });
  }

  private readEvent(bytes: Buffer, out: StreamPart[]): void {
    const data = eventData(bytes);
    if (data === "") return;
    const event = parseJson(data);
    if (isObject(event) && event.type === "content_block_delta") {
      const delta = fieldOf(event, "delta");
      if (fieldOf(delta, "type") === "text_delta") this.template.learn(bytes, TEXT_KEY, textOf(delta, "text") ?? "");
    }
    this.read(event, out);
  }

  private read(event: unknown, out: StreamPart[]): void {
    if (!isObject(event)) {
      this.fail(GARBAGE, null, out);
      return;
    }
    switch (event.type) {
      case "message_start":
        this.start(fieldOf(event, "message"), out);
        return;
      case "content_block_start":
        this.openBlock(event, out);
        return;
      case "content_block_delta":
        this.readDelta(event, out);
        return;
      case "content_block_stop":
        this.closeBlock(countOf(event, "index") ?? 0, out);
        return;
      case "message_delta":
        this.finish(event, out);
        return;
      case "message_stop":
        this.stop(out);
        return;
      case "error": {
        const error = fieldOf(event, "error");
        this.fail(textOf(error, "message") ?? BROKEN_OFF, textOf(error, "type"), out);
        return;
      }
    }
  }

  /** Later counts replace earlier ones; what a later event leaves out stays. */
  private takeUsage(usage: unknown): void {
    if (!isObject(usage)) return;
    const told = Object.entries(usage).filter(([, value]) => value !== null);
    this.usage = { ...this.usage, ...Object.fromEntries(told) };
  }

  private start(message: unknown, out: StreamPart[]): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.takeUsage(fieldOf(message, "usage"));
    out.push({ kind: "start", id: textOf(message, "id") });
  }

  private openBlock(event: JsonObject, out: StreamPart[]): void {
    this.start(null, out);
    if (this.blocks.size >= OPEN_BLOCKS_MAX) {
      this.fail(GARBAGE, null, out);
      return;
    }
    const block = fieldOf(event, "content_block");
    const at = countOf(event, "index") ?? 0;
    const isCall = fieldOf(block, "type") === "tool_use";
    const input = fieldOf(block, "input");
    const given = isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "{}";
    this.blocks.set(at, { call: isCall ? this.calls : null, input: given, hasArguments: false });
    if (isCall) {
      const [id, name] = [textOf(block, "id") ?? "", textOf(block, "name") ?? ""];
      out.push({ kind: "tool_call_start", choice: 0, index: this.calls, id, name, signature: null });
      this.calls += 1;
      return;
    }
    const text = textOf(block, "text") ?? "";
    if (text !== "") out.push({ kind: "text", choice: 0, text });
    const thinking = {
      text: textOf(block, "thinking") ?? "",
      signature: textOf(block, "signature"),
      redacted: textOf(block, "data"),
    };
    this.pushReasoning(thinking.text, thinking.signature, thinking.redacted, out);
  }

  private pushReasoning(text: string, signature: string | null, redacted: string | null, out: StreamPart[]): void {
    const own = signature === "" ? null : signature;
    if (text === "" && own === null && redacted === null) return;
    out.push({ kind: "reasoning", choice: 0, text, signature: own, redacted });
  }

  private readDelta(event: JsonObject, out: StreamPart[]): void {
    const delta = fieldOf(event, "delta");
    switch (fieldOf(delta, "type")) {
      case "text_delta": {
        const text = textOf(delta, "text") ?? "";
        if (text !== "") out.push({ kind: "text", choice: 0, text });
        return;
      }
      case "thinking_delta":
        this.pushReasoning(textOf(delta, "thinking") ?? "", null, null, out);
        return;
      case "signature_delta":
        this.pushReasoning("", textOf(delta, "signature"), null, out);
        return;
      case "input_json_delta": {
        const block = this.blocks.get(countOf(event, "index") ?? 0);
        const json = textOf(delta, "partial_json") ?? "";
        if (block === undefined || block.call === null || json === "") return;
        block.hasArguments = true;
        out.push({ kind: "tool_call_arguments", choice: 0, index: block.call, json });
        return;
      }
    }
  }

  private closeBlock(at: number, out: StreamPart[]): void {
    const block = this.blocks.get(at);
    this.blocks.delete(at);
    if (block === undefined || block.call === null) return;
    const index = block.call;
    if (!block.hasArguments) out.push({ kind: "tool_call_arguments", choice: 0, index, json: block.input });
    out.push({ kind: "tool_call_end", choice: 0, index });
  }

  private finish(event: JsonObject, out: StreamPart[]): void {
    this.start(null, out);
    this.takeUsage(event.usage);
    const delta = fieldOf(event, "delta");
    const reason = fieldOf(delta, "stop_reason");
    if (reason === undefined || this.isFinished) return;
    this.isFinished = true;
    const stopSequence = textOf(delta, "stop_sequence");
    out.push({ kind: "finish", choice: 0, stop: readStopReason(reason), stopSequence });
  }

  private stop(out: StreamPart[]): void {
    this.isOver = true;
    const usage = readAnthropicUsage(this.usage);
    if (usage !== null) out.push({ kind: "usage", usage });
  }
}
