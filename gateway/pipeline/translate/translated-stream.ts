import type { StreamReader, StreamWriter } from "#gateway/dialects/dialect.ts";
import type { GenerationAnswer, StreamPart } from "#gateway/dialects/generation.ts";
import { parseJson } from "#gateway/dialects/json-fields.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerStream } from "../answer-form.ts";
import type { CallerError } from "../error-body.ts";
import { partsOfAnswer } from "./answer-parts.ts";

const NOTHING = Buffer.alloc(0);
/** How much of an upstream's own words about an error is handed on. */
const MESSAGE_CHARS_MAX = 500;
/** A whole answer in the place of a stream is gathered up to this size. */
const WHOLE_BYTES_MAX = 32 * 1_024 * 1_024;

/** What a translated stream is made of. */
export interface StreamTranslation {
  readonly reader: StreamReader;
  readonly writer: StreamWriter;
  /** For upstreams that answer whole where a stream was asked for: the body's value as an answer, or null. */
  wholeAnswer(body: unknown): GenerationAnswer | null;
  /** What must not be handed on in an upstream's words. */
  readonly secret: string | null;
}

/** Reads one dialect's stream and writes another one's. Hot path. */
export class TranslatedStream implements AnswerStream {
  usage: TokenUsage | null = null;
  textBytes = 0;
  usageTextBytes = 0;
  problem: string | null = null;
  private readonly translation: StreamTranslation;
  private readonly parts: StreamPart[] = [];
  private readonly out: string[] = [];
  /** The bytes so far where the answer turned out not to be a stream; null for a stream. */
  private whole: Buffer[] | null = null;
  private wholeBytes = 0;
  private isFirst = true;

  constructor(translation: StreamTranslation) {
    this.translation = translation;
  }

  push(chunk: Buffer): Buffer {
    if (this.problem !== null) return NOTHING;
    if (this.isFirst) {
      this.isFirst = false;
      // An object that begins at the first byte is no event of any dialect's stream.
      if (chunk[0] === 0x7b) this.whole = [];
    }
    if (this.whole !== null) return this.gather(this.whole, chunk);
    this.translation.reader.push(chunk, this.parts);
    return this.written();
  }

  end(): Buffer {
    if (this.problem !== null) return NOTHING;
    if (this.whole !== null) this.readWhole(Buffer.concat(this.whole, this.wholeBytes));
    else this.translation.reader.end(this.parts);
    this.take();
    if (this.problem === null) this.translation.writer.end(this.out);
    return this.taken();
  }

  failed(error: CallerError): Buffer {
    this.translation.writer.write([{ kind: "error", message: error.message, type: error.code }], this.out);
    return this.taken();
  }

  private gather(whole: Buffer[], chunk: Buffer): Buffer {
    this.wholeBytes += chunk.length;
    if (this.wholeBytes > WHOLE_BYTES_MAX) this.problem = "The upstream's answer is too long to be translated.";
    else whole.push(chunk);
    return NOTHING;
  }

  private readWhole(body: Buffer): void {
    const answer = this.translation.wholeAnswer(parseJson(body.toString()));
    if (answer === null) this.problem = "The upstream's answer could not be understood.";
    else for (const part of partsOfAnswer(answer)) this.parts.push(part);
  }

  private written(): Buffer {
    this.take();
    return this.taken();
  }

  /** Reads along in the parts, and writes those before an error. */
  private take(): void {
    const { parts } = this;
    for (let place = 0; place < parts.length; place++) {
      const part = parts[place];
      if (part === undefined) break;
      if (part.kind === "error") {
        this.problem = this.speakable(part.message);
        parts.length = place;
        break;
      }
      this.note(part);
    }
    if (parts.length > 0) this.translation.writer.write(parts, this.out);
    parts.length = 0;
  }

  private note(part: StreamPart): void {
    switch (part.kind) {
      case "text":
      case "refusal":
      case "reasoning":
        this.textBytes += Buffer.byteLength(part.text);
        return;
      case "tool_call_arguments":
        this.textBytes += Buffer.byteLength(part.json);
        return;
      case "usage":
        this.usage = part.usage;
        this.usageTextBytes = this.textBytes;
        return;
      default:
        return;
    }
  }

  private taken(): Buffer {
    const { out } = this;
    if (out.length === 0) return NOTHING;
    const bytes = Buffer.from(out.length === 1 ? (out[0] ?? "") : out.join(""));
    out.length = 0;
    return bytes;
  }

  private speakable(message: string): string {
    const { secret } = this.translation;
    if (message === "" || (secret !== null && message.includes(secret))) return "The upstream reported an error.";
    return message.slice(0, MESSAGE_CHARS_MAX);
  }
}
