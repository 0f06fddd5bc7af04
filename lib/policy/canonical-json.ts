/** Nesting a text may have; a deeper one has no canonical form. */
const DEPTH_MAX = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBER_PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Characters that a string must or may escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings.
const ESCAPED = /[\\\u0000-\u001f]/;
const WORDS = ["true", "false", "null"] as const;

/** What cannot be brought into one form: broken JSON, a key that occurs twice, nesting without end. */
class NotCanonical extends Error {}

/**
 * A number written one way, without going through floating point: 1, 1.0 and 10e-1 are the same, and two integers
 * beyond 2⁵³ that differ stay different.
 */
function canonicalNumber(text: string): string {
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = NUMBER_PARTS.exec(text) ?? [];
  // An exponent longer than this names no number anybody computes with; it stays as it is written.
  if (exponent.length > 6) return text;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return power === 0 ? sign + significant : `${sign}${significant}e${power}`;
}

/** Reads JSON strictly and writes it again in one form. One per text. */
class CanonicalReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The members of the object that the whole text is, keys (with their quotes) and values in canonical form. */
  members(): Map<string, string> {
    this.skipSpace();
    if (this.text[this.at] !== "{") throw new NotCanonical();
    const members = this.object(1);
    this.skipSpace();
    if (this.at !== this.text.length) throw new NotCanonical();
    return members;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at += 1;
    }
  }

  private take(char: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private need(char: string): void {
    if (!this.take(char)) throw new NotCanonical();
  }

  private value(depth: number): string {
    this.skipSpace();
    switch (this.text[this.at]) {
      case "{":
        return writeMembers(this.object(depth));
      case "[":
        return this.array(depth);
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private object(depth: number): Map<string, string> {
    if (depth > DEPTH_MAX) throw new NotCanonical();
    this.need("{");
    const members = new Map<string, string>();
    if (this.take("}")) return members;
    do {
      this.skipSpace();
      // Written in its one form, so that two ways to write a key are the same key.
      const key = this.string();
      // Which of two equal keys counts is up to each reader: such a text has no one meaning.
      if (members.has(key)) throw new NotCanonical();
      this.need(":");
      members.set(key, this.value(depth + 1));
    } while (this.take(","));
    this.need("}");
    return members;
  }

  private array(depth: number): string {
    if (depth > DEPTH_MAX) throw new NotCanonical();
    this.need("[");
    if (this.take("]")) return "[]";
    const items: string[] = [];
    do items.push(this.value(depth + 1));
    while (this.take(","));
    this.need("]");
    return `[${items.join(",")}]`;
  }

  /** A string with its quotes, written one way. */
  private string(): string {
    if (this.text[this.at] !== '"') throw new NotCanonical();
    let end = this.at;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end === -1) throw new NotCanonical();
    } while (isEscaped(this.text, end));
    const written = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    return ESCAPED.test(written) ? JSON.stringify(JSON.parse(written)) : written;
  }

  private scalar(): string {
    for (const word of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return word;
    }
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) throw new NotCanonical();
    const number = this.text.slice(this.at, NUMBER.lastIndex);
    this.at = NUMBER.lastIndex;
    return isPlain(number) ? number : canonicalNumber(number);
  }
}

/** A positive whole number that does not end in 0 is written in the one form already. */
function isPlain(number: string): boolean {
  for (let at = 0; at < number.length; at++) {
    const code = number.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return number.charCodeAt(number.length - 1) !== 0x30;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

/** Members as one JSON object, sorted by key. */
export function writeMembers(members: ReadonlyMap<string, string>): string {
  const written: string[] = [];
  for (const [key, value] of members) written.push(`${key}:${value}`);
  return `{${(written.length > 1 ? written.sort() : written).join(",")}}`;
}

/**
 * The members of a JSON object, keys with their quotes and values, in canonical form: key order, white space, escapes and the way a number is
 * written play no part. Null for anything else than one JSON object with one meaning. Linear in the text.
 */
export function canonicalMembers(text: string): Map<string, string> | null {
  try {
    return new CanonicalReader(text).members();
  } catch {
    return null;
  }
}
