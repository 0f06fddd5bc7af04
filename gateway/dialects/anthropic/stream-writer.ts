import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerFacts, StreamWriter } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { writeStop } from "./stop-reason.ts";
import { writeAnthropicUsage } from "./usage.ts";
import { messageId, thinkingBlock } from "./write-answer.ts";

/** A tool call that is under way; what came while another block was open waits in `held`. */
interface OpenCall {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly signature: string | null;
  held: string;
  isEnded: boolean;
}

const TEXT_DELTA = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":';
/** What is held of calls whose block is not open yet. */
const HELD_CHARS_MAX = 16 * 1_024 * 1_024;
const ERROR_TYPES = new Set([
  "invalid_request_error",
  "authentication_error",
  "permission_error",
  "not_found_error",
  "rate_limit_error",
  "timeout_error",
  "overloaded_error",
]);

/**
 * Writes a stream as Anthropic does: numbered blocks, one open at a time. Parallel tool calls therefore come out one
 * after another. The end of the message waits for the usage, which stands in the same event.
 */
export class AnthropicStreamWriter implements StreamWriter {
  private readonly facts: AnswerFacts;
  private nextBlock = 0;
  private open: "text" | "thinking" | "tool_use" | null = null;
  /** The calls that are not yet written to their end; the first one's block is open. */
  private calls: OpenCall[] = [];
  private heldChars = 0;
  private isStarted = false;
  private isOver = false;
  private finish: Extract<StreamPart, { kind: "finish" }> | null = null;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
  }

  write(parts: readonly StreamPart[], out: string[]): void {
    for (const part of parts) this.writePart(part, out);
  }

  end(out: string[]): void {
    if (this.isOver) return;
    if (this.finish === null) {
      this.fail("The upstream ended its answer without saying so.", null, out);
      return;
    }
    this.writeEnd(null, out);
  }

  private writePart(part: StreamPart, out: string[]): void {
    if (this.isOver || ("choice" in part && part.choice !== 0)) return;
    if (part.kind === "error") {
      this.fail(part.message, part.type, out);
      return;
    }
    this.start(part.kind === "start" ? part.id : null, out);
    switch (part.kind) {
      case "start":
        return;
      case "text":
      case "refusal":
        this.writeText(part.text, out);
        return;
      case "reasoning":
        this.writeReasoning(part, out);
        return;
      case "tool_call_start": {
        const { index, id, name, signature } = part;
        this.calls.push({ index, id, name, signature, held: "", isEnded: false });
        this.openNext(out);
        return;
      }
      case "tool_call_arguments":
        this.writeArguments(part.index, part.json, out);
        return;
      case "tool_call_end":
        this.endCall(part.index, out);
        return;
      case "finish":
        this.closeAll(out);
        this.finish = part;
        return;
      case "usage":
        if (this.finish === null) return;
        this.writeEnd(part.usage, out);
        return;
    }
  }

  private event(type: string, fields: JsonObject, out: string[]): void {
    out.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  }

  private start(id: string | null, out: string[]): void {
    if (this.isStarted) return;
    this.isStarted = true;
    const message = {
      id: messageId(id, this.facts),
      type: "message",
      role: "assistant",
      model: this.facts.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: writeAnthropicUsage(null),
    };
    this.event("message_start", { message }, out);
  }

  private openBlock(kind: "text" | "thinking" | "tool_use", content_block: JsonObject, out: string[]): void {
    this.event("content_block_start", { index: this.nextBlock, content_block }, out);
    this.open = kind;
  }

  private delta(delta: JsonObject, out: string[]): void {
    this.event("content_block_delta", { index: this.nextBlock, delta }, out);
  }

  private closeBlock(out: string[]): void {
    if (this.open === null) return;
    this.event("content_block_stop", { index: this.nextBlock }, out);
    this.open = null;
    this.nextBlock += 1;
  }

  /** Closes whatever is open, calls that wait included. */
  private closeAll(out: string[]): void {
    for (const call of this.calls) call.isEnded = true;
    this.openNext(out);
    this.closeBlock(out);
  }

  private writeText(text: string, out: string[]): void {
    if (text === "") return;
    if (this.open !== "text") {
      this.closeAll(out);
      this.openBlock("text", { type: "text", text: "" }, out);
    }
    // What `delta` would write, without an object for each piece.
    out.push(`${TEXT_DELTA}${this.nextBlock},"delta":{"type":"text_delta","text":${JSON.stringify(text)}}}\n\n`);
  }

  private writeReasoning(part: Extract<StreamPart, { kind: "reasoning" }>, out: string[]): void {
    const { text, signature, redacted } = part;
    if (redacted !== null) {
      this.closeAll(out);
      this.openBlock("thinking", thinkingBlock(part), out);
      this.closeBlock(out);
      return;
    }
    if (text === "" && signature === null) return;
    if (this.open !== "thinking") {
      this.closeAll(out);
      this.openBlock("thinking", thinkingBlock({ text: "", signature: null, redacted: null }), out);
    }
    if (text !== "") this.delta({ type: "thinking_delta", thinking: text }, out);
    if (signature === null) return;
    this.delta({ type: "signature_delta", signature }, out);
    this.closeBlock(out);
  }

  /** Opens the first waiting call, and writes it and those behind it to their end where that has come. */
  private openNext(out: string[]): void {
    for (let [call] = this.calls; call !== undefined; [call] = this.calls) {
      if (this.open !== "tool_use") {
        this.closeBlock(out);
        this.openCall(call, out);
      }
      if (!call.isEnded) return;
      this.closeBlock(out);
      this.calls.shift();
    }
  }

  private openCall(call: OpenCall, out: string[]): void {
    const { id, name, signature } = call;
    if (signature !== null) this.writeSignature(signature, out);
    this.openBlock("tool_use", { type: "tool_use", id, name, input: {} }, out);
    if (call.held !== "") this.delta({ type: "input_json_delta", partial_json: call.held }, out);
    call.held = "";
  }

  /** As in a whole answer, a call's signature stands in a block of reasoning before it. */
  private writeSignature(signature: string, out: string[]): void {
    this.openBlock("thinking", thinkingBlock({ text: "", signature: null, redacted: null }), out);
    this.delta({ type: "signature_delta", signature }, out);
    this.closeBlock(out);
  }

  private writeArguments(index: number, json: string, out: string[]): void {
    if (json === "") return;
    const call = this.calls.find((each) => each.index === index);
    if (call === undefined) return;
    if (call === this.calls[0]) this.delta({ type: "input_json_delta", partial_json: json }, out);
    else this.hold(call, json, out);
  }

  private hold(call: OpenCall, json: string, out: string[]): void {
    this.heldChars += json.length;
    call.held += json;
    if (this.heldChars > HELD_CHARS_MAX) this.fail("The upstream's tool calls are too long.", "upstream_error", out);
  }

  private endCall(index: number, out: string[]): void {
    const call = this.calls.find((each) => each.index === index);
    if (call === undefined) return;
    call.isEnded = true;
    this.openNext(out);
  }

  private writeEnd(usage: TokenUsage | null, out: string[]): void {
    if (this.finish === null) return;
    const delta = writeStop(this.finish.stop, this.finish.stopSequence);
    this.event("message_delta", { delta, usage: writeAnthropicUsage(usage) }, out);
    this.event("message_stop", {}, out);
    this.isOver = true;
  }

  private fail(message: string, type: string | null, out: string[]): void {
    const known = type !== null && ERROR_TYPES.has(type) ? type : "api_error";
    const code = type === null || type === known ? {} : { code: type };
    this.event("error", { error: { type: known, message, ...code } }, out);
    this.isOver = true;
  }
}
