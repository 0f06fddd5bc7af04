import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerFacts, StreamWriter } from "../dialect.ts";
import type { StreamPart } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { writeFinishReason } from "./finish-reason.ts";
import { writeGeminiUsage } from "./usage.ts";
import { answerFrame, callPart, thoughtPart } from "./write-answer.ts";

type Finish = Extract<StreamPart, { kind: "finish" }>;

interface OpenCall {
  readonly choice: number;
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly signature: string | null;
  argumentsJson: string;
}

/** What is held of calls that are not whole yet. */
const HELD_CHARS_MAX = 16 * 1_024 * 1_024;
const STATUS_INTERNAL = { code: 500, status: "INTERNAL" };

/**
 * Writes a stream of answers, each with what is new in it: as server-sent events, or as the elements of one JSON array
 * for a caller who did not ask for events. Calls are held until they are whole; the ends wait for the usage, which stands
 * in the last answer.
 */
export class GeminiStreamWriter implements StreamWriter {
  private readonly facts: AnswerFacts;
  private id: string | null = null;
  private calls: OpenCall[] = [];
  private finishes: Finish[] = [];
  private heldChars = 0;
  private isOpen = false;
  private isOver = false;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
  }

  write(parts: readonly StreamPart[], out: string[]): void {
    for (const part of parts) if (!this.isOver) this.writePart(part, out);
  }

  end(out: string[]): void {
    if (!this.isOver) {
      if (this.finishes.length === 0) this.fail("The upstream ended its answer without saying so.", null, out);
      else this.writeEnd(null, out);
    }
    this.close(out);
  }

  /** An error closes the array too: nothing comes behind it. */
  private close(out: string[]): void {
    if (this.facts.asJsonArray === true && this.isOpen) out.push("]");
    this.isOpen = false;
  }

  private writePart(part: StreamPart, out: string[]): void {
    switch (part.kind) {
      case "start":
        this.id = part.id;
        return;
      case "text":
      case "refusal":
        if (part.text !== "") this.candidate(part.choice, [{ text: part.text }], out);
        return;
      case "reasoning":
        this.candidate(part.choice, [thoughtPart(part.text, part.signature, part.redacted)], out);
        return;
      case "tool_call_start":
        this.calls.push({ ...part, argumentsJson: "" });
        return;
      case "tool_call_arguments": {
        const call = this.calls.find(({ choice, index }) => choice === part.choice && index === part.index);
        if (call !== undefined) this.hold(call, part.json, out);
        return;
      }
      case "tool_call_end":
        this.endCalls((call) => call.choice === part.choice && call.index === part.index, out);
        return;
      case "finish":
        this.endCalls((call) => call.choice === part.choice, out);
        this.finishes.push(part);
        return;
      case "usage":
        if (this.finishes.length > 0) this.writeEnd(part.usage, out);
        return;
      case "error":
        this.fail(part.message, part.type, out);
    }
  }

  private hold(call: OpenCall, json: string, out: string[]): void {
    this.heldChars += json.length;
    call.argumentsJson += json;
    if (this.heldChars > HELD_CHARS_MAX) this.fail("The upstream's tool calls are too long.", "upstream_error", out);
  }

  private endCalls(isMeant: (call: OpenCall) => boolean, out: string[]): void {
    for (const call of this.calls) if (isMeant(call)) this.candidate(call.choice, [callPart(call)], out);
    this.calls = this.calls.filter((call) => !isMeant(call));
  }

  private candidate(
    index: number,
    parts: JsonObject[],
    out: string[],
    more: JsonObject = {},
    usage: JsonObject = {},
  ): void {
    const candidates = [{ content: { role: "model", parts }, ...more, index }];
    this.element({ candidates, ...usage, ...answerFrame(this.id, this.facts) }, out);
  }

  private element(value: JsonObject, out: string[]): void {
    const json = JSON.stringify(value);
    if (this.facts.asJsonArray === true) out.push(this.isOpen ? `,\r\n${json}` : `[${json}`);
    else out.push(`data: ${json}\r\n\r\n`);
    this.isOpen = true;
  }

  /** Every end is an answer of its own with an empty text, as the API has it: clients refuse one without content. */
  private writeEnd(usage: TokenUsage | null, out: string[]): void {
    for (const [at, { choice, stop }] of this.finishes.entries()) {
      const isLast = at === this.finishes.length - 1;
      const told = isLast && usage !== null ? { usageMetadata: writeGeminiUsage(usage) } : {};
      this.candidate(choice, [{ text: "" }], out, { finishReason: writeFinishReason(stop) }, told);
    }
    this.isOver = true;
  }

  private fail(message: string, reason: string | null, out: string[]): void {
    const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "turnpike" }];
    this.element({ error: { ...STATUS_INTERNAL, message, ...(reason === null ? {} : { details }) } }, out);
    this.close(out);
    this.isOver = true;
  }
}
