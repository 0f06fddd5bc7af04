import { KNOWN_PARAMETERS, type KnownParameter, PARAMETER_SPELLINGS } from "#lib/contract/known-parameters.ts";
import { canonicalMembers } from "#lib/policy/canonical-json.ts";

/** `stream_options` is parsed; nobody needs more of it than this. */
const STREAM_OPTIONS_BYTES_MAX = 4_096;
/** Gemini's `generationConfig` is parsed; it may hold a schema. */
const GENERATION_BYTES_MAX = 64 * 1_024;

/** A field that bounds how long an answer may get. The span is that of its value. */
export interface OutputBound {
  readonly field: OutputBoundField;
  readonly start: number;
  readonly end: number;
  /** Null: written, but no bound (`null`, negative, or beyond any number). */
  readonly tokens: number | null;
}
export type OutputBoundField = "max_tokens" | "max_completion_tokens" | "max_output_tokens";

/** Gemini's `generationConfig`, parsed, and where its value stands. */
export interface GenerationConfig {
  readonly start: number;
  readonly end: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What a node needs to know of a request body. Spans are byte offsets of whole JSON values. */
export interface BodyFacts {
  readonly model: string;
  /** Where the model is named: a field of the JSON body, the path, or a part of a form. */
  readonly modelIn: "body" | "path" | "form";
  /** The span of the model's value; -1 where the body does not name it. */
  readonly modelStart: number;
  readonly modelEnd: number;
  readonly stream: boolean;
  /** -1 when the caller sent none. */
  readonly streamOptionsStart: number;
  readonly streamOptionsEnd: number;
  readonly streamOptions: Readonly<Record<string, unknown>> | null;
  /** The caller's own end user, or null. */
  readonly user: string | null;
  /** Every field that bounds the answer, in the order of the body; `generationConfig` is apart. */
  readonly outputBounds: readonly OutputBound[];
  readonly generationConfig: GenerationConfig | null;
  /** The most tokens one candidate may have by the body's own words; null when it does not say. */
  readonly maxOutputTokens: number | null;
  /** How many answers are generated: `n`, `best_of` or `candidateCount`, whichever is more. */
  readonly candidates: number;
  /** The known top-level names that occur, each once, in the order of the body. */
  readonly parameters: readonly KnownParameter[];
  /** Top-level names that are not known, each once; more than can be kept are told by `OTHERS_CUT` as the last. */
  readonly otherParameters: readonly string[];
}

/** How many names that nobody knows are kept of a body. */
const OTHERS_MAX = 64;
/** Stands for names that were too many or too long to keep. */
export const OTHERS_CUT = "…";

/** What a path says where it names the model: the body's own words for it then count for nothing. */
export interface PathFacts {
  readonly model: string;
  readonly stream: boolean;
}

/** Why a body is refused, in words for the caller. */
export class BodyProblem {
  readonly message: string;
  readonly param: string | null;
  constructor(message: string, param: string | null = null) {
    this.message = message;
    this.param = param;
  }
}

/** Fields that are read: they may occur once. */
const READ_FIELDS = [
  "model",
  "stream",
  "stream_options",
  "user",
  "max_tokens",
  "max_completion_tokens",
  "max_output_tokens",
  "n",
  "best_of",
  "generationConfig",
] as const;
export type ReadField = (typeof READ_FIELDS)[number];

interface KnownKey {
  readonly read: ReadField | null;
  readonly parameter: KnownParameter | null;
}

function knownKeys(): ReadonlyMap<string, KnownKey> {
  const keys = new Map<string, KnownKey>();
  const read = (name: string): ReadField | null => READ_FIELDS.find((field) => field === name) ?? null;
  for (const name of KNOWN_PARAMETERS) keys.set(name, { read: read(name), parameter: name });
  for (const [spelling, name] of Object.entries(PARAMETER_SPELLINGS)) {
    keys.set(spelling, { read: read(name), parameter: name });
  }
  keys.set("model", { read: "model", parameter: null });
  return keys;
}
const KNOWN_KEYS = knownKeys();
const KEY_CHARS_MAX = Math.max(...[...KNOWN_KEYS.keys()].map((key) => key.length));

/** The longest way to write a known key: each character as \uXXXX. */
export const KEY_BYTES_MAX = KEY_CHARS_MAX * 6;

/**
 * Takes the top-level fields of one body as the scanner meets them, and makes the facts of them. A field that is acted on
 * is taken only in the form that every reader understands alike.
 */
export class BodyFields {
  private readonly bytes: Buffer;
  private readonly path: PathFacts | null;
  private readonly seen: ReadField[] = [];
  private readonly parameters: KnownParameter[] = [];
  private readonly others: string[] = [];
  private model: string | null = null;
  private modelStart = -1;
  private modelEnd = -1;
  private stream = false;
  private streamOptionsStart = -1;
  private streamOptionsEnd = -1;
  private streamOptions: Record<string, unknown> | null = null;
  private user: string | null = null;
  private readonly outputBounds: OutputBound[] = [];
  private generationConfig: GenerationConfig | null = null;
  private candidates = 1;
  private maxOutputTokens: number | null = null;

  constructor(bytes: Buffer, path: PathFacts | null) {
    this.bytes = bytes;
    this.path = path;
  }

  /** Notes a top-level key; returns the field whose value is wanted, null where it is not, or why the body is refused. */
  key(name: string): ReadField | null | BodyProblem {
    const known = KNOWN_KEYS.get(name);
    if (known === undefined) {
      this.other(name);
      return null;
    }
    const { read, parameter } = known;
    if (parameter !== null && !this.parameters.includes(parameter)) this.parameters.push(parameter);
    if (read === null) return null;
    if (this.seen.includes(read)) return new BodyProblem(`The field "${read}" occurs twice.`, read);
    this.seen.push(read);
    return read;
  }

  /** Notes a top-level name that nobody knows. */
  other(name: string): void {
    const kept = this.others.length < OTHERS_MAX ? name : OTHERS_CUT;
    if (!this.others.includes(kept)) this.others.push(kept);
  }

  /** Takes the value of a wanted field. */
  take(field: ReadField, start: number, end: number): BodyProblem | null {
    const { bytes } = this;
    switch (field) {
      case "model":
        this.model = bytes[start] === 0x22 ? decodeString(bytes, start, end) : null;
        this.modelStart = start;
        this.modelEnd = end;
        return this.model === null ? new BodyProblem('The field "model" must be a string.', "model") : null;
      case "stream":
        this.stream = bytes[start] === 0x74;
        return this.stream || bytes[start] === 0x66 || bytes[start] === 0x6e
          ? null
          : new BodyProblem('The field "stream" must be true or false.', "stream");
      case "stream_options":
        return this.takeStreamOptions(start, end);
      case "user":
        this.user = bytes[start] === 0x22 ? decodeString(bytes, start, end) : null;
        return null;
      case "n":
      case "best_of":
        return this.takeCandidates(field, start, end);
      case "generationConfig":
        return this.takeGeneration(start, end);
      default:
        return this.takeBound(field, start, end);
    }
  }

  /** The facts, once the whole body was read. */
  facts(): BodyFacts | BodyProblem {
    const { path } = this;
    const model = path?.model ?? this.model;
    if (path !== null && this.model !== null && this.model !== path.model && this.model !== `models/${path.model}`) {
      return new BodyProblem("The path and the body name different models.", "model");
    }
    if (model === null) return new BodyProblem("You must provide a model parameter.", "model");
    return {
      model,
      modelIn: path === null ? "body" : "path",
      modelStart: this.modelStart,
      modelEnd: this.modelEnd,
      stream: path?.stream ?? this.stream,
      streamOptionsStart: this.streamOptionsStart,
      streamOptionsEnd: this.streamOptionsEnd,
      streamOptions: this.streamOptions,
      user: this.user,
      outputBounds: this.outputBounds,
      generationConfig: this.generationConfig,
      maxOutputTokens: this.maxOutputTokens,
      candidates: this.candidates,
      parameters: this.parameters,
      otherParameters: this.others,
    };
  }

  private takeStreamOptions(start: number, end: number): BodyProblem | null {
    this.streamOptionsStart = start;
    this.streamOptionsEnd = end;
    if (this.bytes[start] === 0x6e) return null;
    if (this.bytes[start] === 0x7b && end - start <= STREAM_OPTIONS_BYTES_MAX) {
      this.streamOptions = parseObject(this.bytes.toString("utf8", start, end));
    }
    if (this.streamOptions !== null) return null;
    return new BodyProblem('The field "stream_options" must be a small object.', "stream_options");
  }

  private takeBound(field: OutputBoundField, start: number, end: number): BodyProblem | null {
    const tokens = boundIn(this.number(start, end));
    if (tokens === undefined) return notWhole(field);
    this.outputBounds.push({ field, start, end, tokens });
    this.noteBound(tokens);
    return null;
  }

  private takeCandidates(field: "n" | "best_of", start: number, end: number): BodyProblem | null {
    const value = this.number(start, end);
    if (value === null) return null;
    if (value === undefined || !Number.isSafeInteger(value) || value < 0) return notWhole(field);
    this.candidates = Math.max(this.candidates, value);
    return null;
  }

  private takeGeneration(start: number, end: number): BodyProblem | null {
    if (this.bytes[start] === 0x6e) {
      this.generationConfig = { start, end, value: {} };
      return null;
    }
    const isSmall = this.bytes[start] === 0x7b && end - start <= GENERATION_BYTES_MAX;
    const value = isSmall ? parseObject(this.bytes.toString("utf8", start, end)) : null;
    if (value === null)
      return new BodyProblem('The field "generationConfig" must be a small object.', "generationConfig");
    const bound = eitherOf(value, "maxOutputTokens", "max_output_tokens");
    const count = eitherOf(value, "candidateCount", "candidate_count");
    const tokens = boundIn(bound);
    if (tokens === undefined) return notWhole("generationConfig.maxOutputTokens");
    if (count !== null && (count === undefined || !Number.isSafeInteger(count) || count < 0)) {
      return notWhole("generationConfig.candidateCount");
    }
    this.generationConfig = { start, end, value };
    this.noteBound(tokens);
    this.candidates = Math.max(this.candidates, count ?? 1);
    return null;
  }

  private noteBound(tokens: number | null): void {
    if (tokens !== null) this.maxOutputTokens = Math.max(this.maxOutputTokens ?? 0, tokens);
  }

  /** The number that a value is, null for `null`, undefined for anything else. */
  private number(start: number, end: number): number | null | undefined {
    const first = this.bytes[start] ?? 0;
    if (first === 0x6e) return null;
    if (first !== 0x2d && (first < 0x30 || first > 0x39)) return undefined;
    return Number(this.bytes.toString("latin1", start, end));
  }
}

function notWhole(field: string): BodyProblem {
  return new BodyProblem(`The field "${field}" must be a whole number.`, field);
}

/** A bound in tokens; null where a number says "no bound"; undefined for what is no whole number. */
function boundIn(value: number | null | undefined): number | null | undefined {
  if (value === null || value === undefined) return value;
  if (!Number.isInteger(value)) return Number.isFinite(value) ? undefined : null;
  return value < 0 || value > Number.MAX_SAFE_INTEGER ? null : value;
}

/** A number under one of two spellings; null when there is none; undefined when both are there or it is no number. */
function eitherOf(object: Readonly<Record<string, unknown>>, name: string, other: string): number | null | undefined {
  const value = object[name] ?? null;
  const second = object[other] ?? null;
  if (value !== null && second !== null) return undefined;
  const given = value ?? second;
  return given === null || typeof given === "number" ? given : undefined;
}

/** The string that a JSON string is; null for one that does not decode. */
export function decodeString(bytes: Buffer, start: number, end: number): string | null {
  const text = bytes.toString("utf8", start + 1, end - 1);
  if (!text.includes("\\")) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The object that a text is; null for anything else, and for one in which a name occurs twice: readers take either. */
function parseObject(text: string): Record<string, unknown> | null {
  if (canonicalMembers(text) === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
