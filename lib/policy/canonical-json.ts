/** Nesting a text may have; a deeper one has no canonical form. */
const DEPTH_MAX = 64;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBER_PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

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

  /** The members of the object that the whole text is, each value in canonical form. */
  members(): Map<string, string> {
    this.skipSpace();
    if (this.text[this.at] !== "{") throw new NotCanonical();
    const members = this.object(1);
    this.skipSpace();
    if (this.at !== this.text.length) throw new NotCanonical();
    return members;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
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
        return JSON.stringify(this.string());
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

  private string(): string {
    if (this.text[this.at] !== '"') throw new NotCanonical();
    let end = this.at;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end === -1) throw new NotCanonical();
    } while (isEscaped(this.text, end));
    const written = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    const read: unknown = JSON.parse(written);
    if (typeof read !== "string") throw new NotCanonical();
    return read;
  }

  private scalar(): string {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)?.[0];
    if (word !== undefined) {
      this.at += word.length;
      return word;
    }
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text)?.[0];
    if (number === undefined) throw new NotCanonical();
    this.at += number.length;
    return canonicalNumber(number);
  }
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

/** Members as one JSON object, sorted by key. */
export function writeMembers(members: ReadonlyMap<string, string>): string {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

/**
 * The members of a JSON object with each value in canonical form: key order, white space, escapes and the way a number is
 * written play no part. Null for anything else than one JSON object with one meaning. Linear in the text.
 */
export function canonicalMembers(text: string): Map<string, string> | null {
  try {
    return new CanonicalReader(text).members();
  } catch {
    return null;
  }
}
