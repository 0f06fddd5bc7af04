import {
  type BodyFacts,
  BodyFields,
  BodyProblem,
  decodeString,
  KEY_BYTES_MAX,
  OTHERS_CUT,
  type PathFacts,
  type ReadField,
} from "./body-fields.ts";
import { stringEnd } from "./json-bytes.ts";

export { type BodyFacts, BodyProblem } from "./body-fields.ts";

/** Nesting a request body may have. */
export const BODY_DEPTH_MAX = 64;
/** What may come next, as in the railroad diagrams of json.org. */
const Next = { keyOrEnd: 0, key: 1, colon: 2, value: 3, valueOrEnd: 4, commaOrEnd: 5 } as const;
type Next = (typeof Next)[keyof typeof Next];

const OBJECT = 1;
const ARRAY = 2;

/**
 * Walks a request body once, byte by byte outside strings and by native search inside them, and finds the top-level
 * fields a gateway acts on. Everything outside strings is checked against the JSON grammar, so that no reader further on,
 * however lenient, can see another structure than the one policy was applied to; a wanted key that occurs twice is
 * refused for the same reason. The content of strings is left to the upstream. Hot path.
 */
class BodyScan {
  private readonly bytes: Buffer;
  private readonly kinds = new Uint8Array(BODY_DEPTH_MAX + 1);
  private at = 0;
  private depth = 0;
  private next: Next = Next.value;
  private key: ReadField | null = null;
  private valueStart = 0;
  private problem: BodyProblem | null = null;
  private readonly fields: BodyFields;

  constructor(bytes: Buffer, path: PathFacts | null) {
    this.bytes = bytes;
    this.fields = new BodyFields(bytes, path);
  }

  run(): BodyFacts | BodyProblem {
    const { bytes } = this;
    while (this.at < bytes.length && this.problem === null) {
      const byte = bytes[this.at] ?? 0;
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) this.at += 1;
      else if (this.depth === 0 && (byte !== 0x7b || this.next !== Next.value)) this.refuseRoot();
      else this.step(byte);
    }
    if (this.problem !== null) return this.problem;
    if (this.depth !== 0 || this.next !== Next.commaOrEnd) return this.broken();
    return this.fields.facts();
  }

  private step(byte: number): void {
    switch (this.next) {
      case Next.keyOrEnd:
      case Next.key:
        if (byte === 0x22) this.takeKey();
        else if (byte === 0x7d && this.next === Next.keyOrEnd) this.close(OBJECT);
        else this.refuse();
        return;
      case Next.colon:
        if (byte !== 0x3a) {
          this.refuse();
          return;
        }
        this.next = Next.value;
        this.at += 1;
        return;
      case Next.value:
      case Next.valueOrEnd:
        if (byte === 0x5d && this.next === Next.valueOrEnd) this.close(ARRAY);
        else this.takeValue(byte);
        return;
      case Next.commaOrEnd:
        if (byte === 0x2c) {
          this.next = this.kinds[this.depth] === OBJECT ? Next.key : Next.value;
          this.at += 1;
        } else if (byte === 0x7d) this.close(OBJECT);
        else if (byte === 0x5d) this.close(ARRAY);
        else this.refuse();
        return;
    }
  }

  private takeKey(): void {
    const end = stringEnd(this.bytes, this.at + 1);
    if (end === -1) {
      this.refuse();
      return;
    }
    if (this.depth === 1) this.noteKey(this.at + 1, end);
    this.at = end + 1;
    this.next = Next.colon;
  }

  private noteKey(start: number, end: number): void {
    this.key = null;
    if (end - start > KEY_BYTES_MAX) {
      this.fields.other(OTHERS_CUT);
      return;
    }
    const raw = this.bytes.toString("latin1", start, end);
    const name = raw.includes("\\") ? decodeString(this.bytes, start - 1, end + 1) : raw;
    const read = this.fields.key(name ?? OTHERS_CUT);
    if (read instanceof BodyProblem) this.problem = read;
    else this.key = read;
  }

  private takeValue(byte: number): void {
    if (this.depth === 1) this.valueStart = this.at;
    if (byte === 0x22) {
      const end = stringEnd(this.bytes, this.at + 1);
      if (end === -1) this.refuse();
      else this.valueEnds(end + 1);
    } else if (byte === 0x7b || byte === 0x5b) this.open(byte === 0x7b ? OBJECT : ARRAY);
    else if (byte === 0x74) this.takeWord("true");
    else if (byte === 0x66) this.takeWord("false");
    else if (byte === 0x6e) this.takeWord("null");
    else this.takeNumber();
  }

  private open(kind: number): void {
    if (this.depth === BODY_DEPTH_MAX) {
      this.problem = new BodyProblem(`The body is nested more than ${BODY_DEPTH_MAX} levels deep.`);
      return;
    }
    this.depth += 1;
    this.kinds[this.depth] = kind;
    this.next = kind === OBJECT ? Next.keyOrEnd : Next.valueOrEnd;
    this.at += 1;
  }

  private close(kind: number): void {
    if (this.kinds[this.depth] !== kind) {
      this.refuse();
      return;
    }
    this.depth -= 1;
    this.valueEnds(this.at + 1);
  }

  private takeWord(word: string): void {
    if (this.bytes.toString("latin1", this.at, this.at + word.length) !== word) this.refuse();
    else this.valueEnds(this.at + word.length);
  }

  private digits(from: number): number {
    let at = from;
    for (;;) {
      const byte = this.bytes[at] ?? 0;
      if (byte < 0x30 || byte > 0x39) return at;
      at += 1;
    }
  }

  private takeNumber(): void {
    const { bytes } = this;
    let at = bytes[this.at] === 0x2d ? this.at + 1 : this.at;
    const whole = this.digits(at);
    if (whole === at || (bytes[at] === 0x30 && whole > at + 1)) {
      this.refuse();
      return;
    }
    at = whole;
    if (bytes[at] === 0x2e) {
      const fraction = this.digits(at + 1);
      if (fraction === at + 1) {
        this.refuse();
        return;
      }
      at = fraction;
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      const sign = bytes[at + 1];
      const from = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
      const exponent = this.digits(from);
      if (exponent === from) {
        this.refuse();
        return;
      }
      at = exponent;
    }
    this.valueEnds(at);
  }

  private valueEnds(end: number): void {
    this.at = end;
    this.next = Next.commaOrEnd;
    if (this.depth !== 1 || this.key === null) return;
    const key = this.key;
    this.key = null;
    this.problem = this.fields.take(key, this.valueStart, end);
  }

  private broken(): BodyProblem {
    return new BodyProblem(`The body is not valid JSON (at byte ${this.at}).`);
  }

  private refuse(): void {
    this.problem = this.broken();
  }

  private refuseRoot(): void {
    this.problem = this.next === Next.value ? new BodyProblem("The body must be a JSON object.") : this.broken();
  }
}

/**
 * Finds what policy and metering need in a request body, or says why the body is refused. `path`: what the path says, where
 * it names the model. Never throws. Hot path.
 */
export function scanBody(bytes: Buffer, path: PathFacts | null = null): BodyFacts | BodyProblem {
  return new BodyScan(bytes, path).run();
}
