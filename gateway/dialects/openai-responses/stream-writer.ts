import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerFacts, StreamWriter } from "../dialect.ts";
import type { StopReason, StreamPart } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { IN_PROGRESS, responseObject, stateOf } from "./response-object.ts";
import { EventNumbers, OpenCall, type OpenItem, OpenMessage, OpenReasoning } from "./stream-items.ts";

/** Writes the events of the Responses API, each item opened and closed in its turn. One answer: further choices are left out. */
export class ResponsesStreamWriter implements StreamWriter {
  private readonly facts: AnswerFacts;
  private readonly events = new EventNumbers();
  private readonly suffix: string;
  private id: string | null = null;
  private hasBegun = false;
  /** Finished items by their place; a place is taken when its item opens. */
  private readonly output: (JsonObject | null)[] = [];
  /** The message or thought that is open: at most one. */
  private item: (OpenItem & { readonly place: number }) | null = null;
  private message: OpenMessage | null = null;
  private reasoning: OpenReasoning | null = null;
  private readonly calls = new Map<number, { readonly call: OpenCall; readonly place: number }>();
  private hasRefusal = false;
  private stop: StopReason = "other";
  private usage: TokenUsage | null = null;
  private hasFailed = false;

  constructor(facts: AnswerFacts) {
    this.facts = facts;
    this.suffix = facts.callId.replace(/^req_/, "");
  }

  write(parts: readonly StreamPart[], out: string[]): void {
    for (const part of parts) this.writePart(part, out);
  }

  end(out: string[]): void {
    if (this.hasFailed) return;
    this.begin(out);
    this.closeItem(out);
    for (const index of [...this.calls.keys()]) this.closeCall(index, out);
    const state = stateOf(this.stop, this.hasRefusal);
    const response = responseObject(this.facts, this.id, state, this.output, this.usage);
    this.events.write(`response.${state.status}`, { response }, out);
  }

  private writePart(part: StreamPart, out: string[]): void {
    if ("choice" in part && part.choice !== 0) return;
    if (part.kind !== "start" && part.kind !== "usage" && part.kind !== "error") this.begin(out);
    switch (part.kind) {
      case "start":
        this.id = part.id;
        return;
      case "text":
      case "refusal":
        this.openMessage(out).add(part.kind, part.text, out);
        return;
      case "reasoning":
        this.openReasoning(out).add(part, out);
        return;
      case "tool_call_start":
        this.openCall(part, out);
        return;
      case "tool_call_arguments":
        this.calls.get(part.index)?.call.add(part.json, out);
        return;
      case "tool_call_end":
        this.closeCall(part.index, out);
        return;
      case "finish":
        this.stop = part.stop;
        return;
      case "usage":
        this.usage = part.usage;
        return;
      case "error":
        this.fail(part, out);
        return;
    }
  }

  private begin(out: string[]): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const response = responseObject(this.facts, this.id, IN_PROGRESS, [], null);
    this.events.write("response.created", { response }, out);
    this.events.write("response.in_progress", { response }, out);
  }

  private takePlace(): number {
    return this.output.push(null) - 1;
  }

  private openMessage(out: string[]): OpenMessage {
    if (this.message !== null) return this.message;
    this.closeItem(out);
    const place = this.takePlace();
    const message = new OpenMessage(this.events, `msg_${this.suffix}${place}`, place, out);
    this.message = message;
    this.item = { kind: "message", place, close: (status, into) => message.close(status, into) };
    return message;
  }

  private openReasoning(out: string[]): OpenReasoning {
    if (this.reasoning !== null && !this.reasoning.isSealed) return this.reasoning;
    this.closeItem(out);
    const place = this.takePlace();
    const reasoning = new OpenReasoning(this.events, `rs_${this.suffix}${place}`, place, out);
    this.reasoning = reasoning;
    this.item = { kind: "reasoning", place, close: (status, into) => reasoning.close(status, into) };
    return reasoning;
  }

  private closeItem(out: string[]): void {
    if (this.item === null) return;
    if (this.message?.hasRefusal === true) this.hasRefusal = true;
    this.output[this.item.place] = this.item.close("completed", out);
    this.item = null;
    this.message = null;
    this.reasoning = null;
  }

  private openCall({ index, id, name }: Extract<StreamPart, { kind: "tool_call_start" }>, out: string[]): void {
    this.closeItem(out);
    const place = this.takePlace();
    const call = new OpenCall(
      this.events,
      { id: `fc_${this.suffix}${place}`, index: place },
      { call_id: id, name },
      out,
    );
    this.calls.set(index, { call, place });
  }

  private closeCall(index: number, out: string[]): void {
    const open = this.calls.get(index);
    if (open === undefined) return;
    this.calls.delete(index);
    this.output[open.place] = open.call.close("completed", out);
  }

  private fail({ message, type }: Extract<StreamPart, { kind: "error" }>, out: string[]): void {
    this.hasFailed = true;
    this.events.write("error", { code: type ?? "upstream_error", message, param: null }, out);
  }
}
