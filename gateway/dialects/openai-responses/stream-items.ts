import type { JsonObject } from "../json-fields.ts";
import { encryptedContent } from "./reasoning-item.ts";

/** Numbers the events of one stream and writes them. Hot path. */
export class EventNumbers {
  private next = 0;

  /** `fields` without the number, which every event ends with. */
  write(type: string, fields: JsonObject, out: string[]): void {
    this.raw(type, `{"type":"${type}",${JSON.stringify(fields).slice(1, -1)}`, out);
  }

  /** `json`: the event up to its number. */
  raw(type: string, json: string, out: string[]): void {
    out.push(`event: ${type}\ndata: ${json},"sequence_number":${this.next}}\n\n`);
    this.next += 1;
  }
}

/** One output item that is being streamed. */
export interface OpenItem {
  readonly kind: "reasoning" | "message" | "function_call";
  /** What the item is in the end; also its last event. Closes it. */
  close(status: string, out: string[]): JsonObject;
}

/** A message: its content parts follow one another, each text or refusal. */
export class OpenMessage implements OpenItem {
  readonly kind = "message";
  private readonly events: EventNumbers;
  private readonly id: string;
  private readonly index: number;
  private readonly content: JsonObject[] = [];
  private partKind: "text" | "refusal" | null = null;
  private pieces: string[] = [];
  private deltaHead = "";
  hasRefusal = false;

  constructor(events: EventNumbers, id: string, index: number, out: string[]) {
    this.events = events;
    this.id = id;
    this.index = index;
    const item = { id, type: "message", status: "in_progress", role: "assistant", content: [] };
    events.write("response.output_item.added", { output_index: index, item }, out);
  }

  add(kind: "text" | "refusal", text: string, out: string[]): void {
    if (this.partKind !== kind) this.openPart(kind, out);
    this.pieces.push(text);
    const type = kind === "text" ? "response.output_text.delta" : "response.refusal.delta";
    const tail = kind === "text" ? ',"logprobs":[]' : "";
    this.events.raw(type, this.deltaHead + JSON.stringify(text) + tail, out);
  }

  close(status: string, out: string[]): JsonObject {
    this.closePart(out);
    const item = { id: this.id, type: "message", status, role: "assistant", content: this.content };
    this.events.write("response.output_item.done", { output_index: this.index, item }, out);
    return item;
  }

  private place(): JsonObject {
    return { item_id: this.id, output_index: this.index, content_index: this.content.length };
  }

  private partOf(kind: "text" | "refusal", text: string): JsonObject {
    if (kind === "refusal") return { type: "refusal", refusal: text };
    return { type: "output_text", text, annotations: [], logprobs: [] };
  }

  private openPart(kind: "text" | "refusal", out: string[]): void {
    this.closePart(out);
    this.partKind = kind;
    if (kind === "refusal") this.hasRefusal = true;
    const place = this.place();
    this.events.write("response.content_part.added", { ...place, part: this.partOf(kind, "") }, out);
    const type = kind === "text" ? "response.output_text.delta" : "response.refusal.delta";
    this.deltaHead = `${JSON.stringify({ type, ...place }).slice(0, -1)},"delta":`;
  }

  private closePart(out: string[]): void {
    const kind = this.partKind;
    if (kind === null) return;
    this.partKind = null;
    const text = this.pieces.join("");
    this.pieces = [];
    const place = this.place();
    if (kind === "text") this.events.write("response.output_text.done", { ...place, text, logprobs: [] }, out);
    else this.events.write("response.refusal.done", { ...place, refusal: text }, out);
    const part = this.partOf(kind, text);
    this.events.write("response.content_part.done", { ...place, part }, out);
    this.content.push(part);
  }
}

/** What the model thinks: one summary, and what is opaque of it. */
export class OpenReasoning implements OpenItem {
  readonly kind = "reasoning";
  private readonly events: EventNumbers;
  private readonly id: string;
  private readonly index: number;
  private readonly pieces: string[] = [];
  private encrypted: string | null = null;

  constructor(events: EventNumbers, id: string, index: number, out: string[]) {
    this.events = events;
    this.id = id;
    this.index = index;
    events.write(
      "response.output_item.added",
      { output_index: index, item: { id, type: "reasoning", summary: [] } },
      out,
    );
  }

  /** Whether the opaque part has come: what follows is another thought. */
  get isSealed(): boolean {
    return this.encrypted !== null;
  }

  add(
    part: { readonly text: string; readonly signature: string | null; readonly redacted: string | null },
    out: string[],
  ): void {
    if (part.text !== "") {
      if (this.pieces.length === 0) {
        const opened = { ...this.place(), part: { type: "summary_text", text: "" } };
        this.events.write("response.reasoning_summary_part.added", opened, out);
      }
      this.pieces.push(part.text);
      this.events.write("response.reasoning_summary_text.delta", { ...this.place(), delta: part.text }, out);
    }
    this.encrypted ??= encryptedContent(part);
  }

  close(_status: string, out: string[]): JsonObject {
    const text = this.pieces.join("");
    const summary = text === "" ? [] : [{ type: "summary_text", text }];
    if (text !== "") {
      this.events.write("response.reasoning_summary_text.done", { ...this.place(), text }, out);
      this.events.write("response.reasoning_summary_part.done", { ...this.place(), part: summary[0] }, out);
    }
    const sealed = this.encrypted === null ? {} : { encrypted_content: this.encrypted };
    const item = { id: this.id, type: "reasoning", summary, ...sealed };
    this.events.write("response.output_item.done", { output_index: this.index, item }, out);
    return item;
  }

  private place(): JsonObject {
    return { item_id: this.id, output_index: this.index, summary_index: 0 };
  }
}

/** A call of a function, whose arguments come in pieces. */
export class OpenCall implements OpenItem {
  readonly kind = "function_call";
  private readonly events: EventNumbers;
  private readonly id: string;
  private readonly index: number;
  private readonly call: { readonly call_id: string; readonly name: string };
  private readonly pieces: string[] = [];
  private readonly deltaHead: string;

  constructor(
    events: EventNumbers,
    place: { readonly id: string; readonly index: number },
    call: { readonly call_id: string; readonly name: string },
    out: string[],
  ) {
    this.events = events;
    this.id = place.id;
    this.index = place.index;
    this.call = call;
    const item = { id: this.id, type: "function_call", status: "in_progress", ...call, arguments: "" };
    events.write("response.output_item.added", { output_index: this.index, item }, out);
    const head = { type: "response.function_call_arguments.delta", item_id: this.id, output_index: this.index };
    this.deltaHead = `${JSON.stringify(head).slice(0, -1)},"delta":`;
  }

  add(json: string, out: string[]): void {
    this.pieces.push(json);
    this.events.raw("response.function_call_arguments.delta", this.deltaHead + JSON.stringify(json), out);
  }

  close(status: string, out: string[]): JsonObject {
    const text = this.pieces.join("");
    const done = { item_id: this.id, output_index: this.index, name: this.call.name, arguments: text };
    this.events.write("response.function_call_arguments.done", done, out);
    const item = { id: this.id, type: "function_call", status, ...this.call, arguments: text };
    this.events.write("response.output_item.done", { output_index: this.index, item }, out);
    return item;
  }
}
