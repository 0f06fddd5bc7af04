import type { Call, Reply } from "#gateway/pipeline/call.ts";
import { errorEvent, errorText, gatewayError } from "#gateway/pipeline/error-body.ts";
import { headerOf } from "#gateway/pipeline/header-of.ts";
import { GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import type { GatewayErrorCode } from "#lib/contract/error-code.ts";
import type { DeltaReader } from "./answer-deltas.ts";
import { AnswerEvents } from "./answer-events.ts";
import { READ_BYTES_MAX } from "./check-prompt.ts";
import type { TextRule, TextRules } from "./compiled-guards.ts";
import { dropTokens, type TextPlace, wholeAnswerTexts } from "./json-text.ts";
import { type Matches, matchNotes, scanTexts } from "./scan-texts.ts";

/** Why an answer was kept from the caller. */
interface Block {
  readonly code: GatewayErrorCode;
  readonly message: string;
  readonly rule: string;
}

const UNREADABLE: Block = {
  code: "guardrail_blocked",
  message: "This model's guardrails could not read the answer.",
  rule: "the answer cannot be read",
};
const FAILED: Block = {
  code: "policy_failure",
  message: "The gateway could not decide about this answer and withheld it.",
  rule: "policy_failure",
};

function deniedBy(rule: TextRule): Block {
  return {
    code: "guardrail_blocked",
    message: `The guardrail "${rule.guard}" withholds this answer.`,
    rule: `${rule.guard}: ${rule.detector.label} in the answer`,
  };
}

/** `head`: nothing came. `passing`: an answer that is not read. `gathering`: one that is read whole. `events`: as it comes. */
type Mode = "head" | "passing" | "gathering" | "events";

/**
 * A reply that reads answers before the caller does, in whatever dialect they are written: it stands at the very end, behind
 * translation and cache. Whole answers are held until they are judged; streams go on a window behind.
 */
export class GuardedReply implements Reply {
  private readonly inner: Reply;
  private readonly call: Call;
  private readonly rules: TextRules;
  private readonly reader: DeltaReader;
  private readonly onError: (error: unknown) => void;
  private readonly matches: Matches = new Map();
  private mode: Mode = "head";
  private status = 0;
  private headers: string[] = [];
  private chunks: Buffer[] = [];
  private size = 0;
  private events: AnswerEvents | null = null;
  private block: Block | null = null;
  private judging: Promise<void> | null = null;

  constructor(call: Call, rules: TextRules, reader: DeltaReader, onError: (error: unknown) => void) {
    this.inner = call.reply;
    this.call = call;
    this.rules = rules;
    this.reader = reader;
    this.onError = onError;
  }

  get isStarted(): boolean {
    return this.mode !== "head" || this.inner.isStarted;
  }

  whole(status: number, headers: string[], body: Buffer): void {
    const isRead = this.start(status, headers);
    if (isRead) this.judging = this.judge(body);
    else this.inner.whole(status, headers, body);
  }

  begin(status: number, headers: string[]): void {
    if (!this.start(status, headers)) this.inner.begin(status, headers);
    else if (headerOf(headers, "content-type")?.startsWith("text/event-stream")) {
      this.mode = "events";
      this.events = new AnswerEvents(this.reader, this.rules, this.matches);
      this.inner.begin(status, without(headers, "content-length"));
    }
  }

  write(chunk: Buffer): boolean {
    if (this.block !== null) return true;
    if (this.mode === "passing") return this.inner.write(chunk);
    if (this.mode === "events") return this.writeEvents((events) => events.push(chunk));
    this.size += chunk.length;
    if (this.size <= READ_BYTES_MAX) this.chunks.push(chunk);
    else if (!this.rules.isEnforced) return this.letPass(chunk);
    return true;
  }

  /** Too long to be read, by guards that are only shadows: they note it, and change nothing. */
  private letPass(chunk: Buffer): boolean {
    this.mode = "passing";
    this.call.allow("guardrail", "the answer is too long to be read", { mode: "shadow" });
    this.inner.begin(this.status, this.headers);
    for (const held of this.chunks.splice(0)) this.inner.write(held);
    return this.inner.write(chunk);
  }

  end(): void {
    if (this.block !== null) return;
    if (this.mode === "gathering") {
      this.judging = this.judge(this.size <= READ_BYTES_MAX ? Buffer.concat(this.chunks) : null);
      return;
    }
    if (this.mode === "events") this.writeEvents((events) => events.end());
    if (this.block === null) this.inner.end();
  }

  cut(): void {
    if (this.block === null) this.inner.cut();
  }

  /** Waits for a verdict that is under way, and says in the call what came of it. Never rejects. */
  readonly conclude = async (): Promise<void> => {
    await this.judging;
    const { call, block } = this;
    for (const { guard, words, count, mode } of matchNotes(this.matches, "answer")) {
      call.allow("guardrail", words, { guard, mode, matches: count });
    }
    if (block === null || call.isCallerGone) return;
    call.decisions.push({ stage: "guard-answer", verdict: "deny", rule: block.rule });
    call.outcome = block.code === "guardrail_blocked" ? "denied" : "error";
    call.errorCode = block.code;
    call.status = this.mode === "events" ? this.status : gatewayError(block.code, "").status;
  };

  /** Takes the head of an answer; returns whether the answer is to be read: errors and bytes are not. */
  private start(status: number, headers: string[]): boolean {
    this.status = status;
    this.headers = headers;
    const isRead = status >= 200 && status < 300;
    this.mode = isRead ? "gathering" : "passing";
    return isRead;
  }

  private writeEvents(read: (events: AnswerEvents) => string): boolean {
    const { events } = this;
    if (events === null) throw new Error("A guarded stream was written to before it began");
    let out = "";
    try {
      out = read(events);
      if (events.stop !== null) this.block = events.stop.kind === "denied" ? deniedBy(events.stop.rule) : UNREADABLE;
    } catch (error) {
      this.onError(error);
      this.block = FAILED;
    }
    const isReady = out === "" || this.inner.write(Buffer.from(out));
    if (this.block !== null) this.breakOff(this.block);
    return isReady;
  }

  /** Tells the caller in the stream, and the upstream to stop. */
  private breakOff({ code, message }: Block): void {
    this.inner.write(Buffer.from(errorEvent(this.call.action, gatewayError(code, message, { callId: this.call.id }))));
    this.inner.end();
    this.call.exchange?.cancel();
  }

  private async judge(body: Buffer | null): Promise<void> {
    try {
      const out = body === null ? UNREADABLE : await this.judged(body);
      if (Buffer.isBuffer(out)) this.send(this.status, out);
      else this.refuse(out);
    } catch (error) {
      this.onError(error);
      this.refuse(FAILED);
    }
  }

  private async judged(body: Buffer): Promise<Buffer | Block> {
    const isText = headerOf(this.headers, "content-type")?.startsWith("text/") === true;
    const answer: { value: unknown } = { value: isText ? body.toString() : parsed(body) };
    if (answer.value === undefined) return this.rules.isEnforced ? UNREADABLE : body;
    const places = isText ? [wholeText(answer)] : wholeAnswerTexts(answer.value, this.reader);
    const denier = await scanTexts(places, this.rules, this.matches);
    if (denier !== null) return deniedBy(denier);
    if (!this.rules.isEnforced) return body;
    if (typeof answer.value === "string") return Buffer.from(answer.value);
    dropTokens(answer.value);
    return Buffer.from(JSON.stringify(answer.value));
  }

  private refuse(block: Block): void {
    this.block = block;
    const error = gatewayError(block.code, block.message, { callId: this.call.id });
    this.headers = [...without(this.headers, "content-type"), "content-type", "application/json"];
    this.send(error.status, Buffer.from(errorText(GATEWAY_ACTIONS[this.call.action], error)));
  }

  private send(status: number, body: Buffer): void {
    const headers = without(this.headers, "content-length");
    headers.push("content-length", String(body.length));
    this.inner.whole(status, headers, body);
  }
}

function wholeText(answer: { value: unknown }): TextPlace {
  return {
    text: typeof answer.value === "string" ? answer.value : "",
    replace: (text) => {
      answer.value = text;
    },
  };
}

/** The parsed JSON; undefined for what is none. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function without(headers: readonly string[], name: string): string[] {
  const kept: string[] = [];
  for (let place = 0; place + 1 < headers.length; place += 2) {
    const key = headers[place] ?? "";
    if (key.toLowerCase() !== name) kept.push(key, headers[place + 1] ?? "");
  }
  return kept;
}
