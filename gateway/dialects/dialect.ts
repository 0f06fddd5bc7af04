import type { GenerationAnswer, GenerationRequest, NotCarried, StreamPart } from "./generation.ts";

/** The kinds of wire format a generation can be asked in. The first five are spoken by callers, all but some by upstreams. */
export type DialectName =
  | "openai_chat"
  | "openai_completions"
  | "openai_responses"
  | "anthropic"
  | "gemini"
  | "bedrock";

/** What a dialect needs to know to write an answer for a caller. */
export interface AnswerFacts {
  /** The call's id (`req_…`), for ids that the upstream did not give. */
  readonly callId: string;
  /** The model as the caller named it: an answer carries that name, not the upstream's. */
  readonly model: string;
  /** Seconds since 1970. */
  readonly createdSeconds: number;
  /** Whether the caller asked for usage in the stream. */
  readonly includeUsage: boolean;
  /** What was asked for, where an answer repeats it (Responses API). */
  readonly request?: GenerationRequest;
  /** Gemini without `alt=sse` in the query: the stream is one JSON array (`application/json`), not server-sent events. */
  readonly asJsonArray?: boolean;
}

/** What a writer of requests needs beside the request. */
export interface RequestFacts {
  /** The upstream's own name of the model. */
  readonly model: string;
  /** The caller's dialect: it says whose names and meanings `extras` have. */
  readonly from: DialectName;
  /** `refuse`: a parameter that cannot be carried ends the call; `drop`: it is left out and noted in the decision. */
  readonly onNotCarried: "refuse" | "drop";
  /**
   * Told of each parameter that was dropped. Writers name parameters by the field of `GenerationRequest` they stand in
   * (`topK`, `seed`, `messages`), here and in `NotCarried`; the pipeline puts the caller's name in its place (`paramNames`).
   * What stands in `extras` is named as it is there.
   */
  readonly onDropped: (param: string) => void;
}

/** A dialect that callers speak: their requests are read, answers are written for them. */
export interface CallerDialect {
  readonly name: DialectName;
  /** What the caller calls a field of `GenerationRequest`, where that differs: `topK` is `generationConfig.topK`. */
  readonly paramNames: Readonly<Partial<Record<string, string>>>;
  /** `body` is a parsed JSON object. Returns what cannot be understood as a value; never throws for any input. */
  readRequest(body: Readonly<Record<string, unknown>>, stream: boolean): GenerationRequest | NotCarried;
  writeAnswer(answer: GenerationAnswer, facts: AnswerFacts): unknown;
  /** A writer for one streamed answer. */
  streamWriter(facts: AnswerFacts): StreamWriter;
}

/** A dialect that upstreams speak: requests are written for them, their answers are read. */
export interface UpstreamDialect {
  readonly name: DialectName;
  /** The body to send, as a value for `JSON.stringify`, or the parameter that this dialect cannot carry. */
  writeRequest(request: GenerationRequest, facts: RequestFacts): Readonly<Record<string, unknown>> | NotCarried;
  /** Null when the body is no answer of this dialect. */
  readAnswer(body: unknown): GenerationAnswer | null;
  streamReader(): StreamReader;
  /** The human part of an upstream's error body, never a secret of ours; null when there is none. */
  readErrorMessage(body: unknown): string | null;
}

/** Makes the bytes a caller reads out of the parts of a stream. One per call. */
export interface StreamWriter {
  /** Appends what these parts look like to `out`. */
  write(parts: readonly StreamPart[], out: string[]): void;
  /** After the last part: what this dialect ends a stream with. */
  end(out: string[]): void;
}

/** Makes parts out of one upstream's stream. One per attempt. */
export interface StreamReader {
  /** Takes bytes as they come, cut anywhere; appends the parts that became whole. Never throws: garbage is an `error` part. */
  push(chunk: Buffer, out: StreamPart[]): void;
  /** The upstream ended its stream: what was still missing, or an `error` part when it broke off in the middle. */
  end(out: StreamPart[]): void;
}
