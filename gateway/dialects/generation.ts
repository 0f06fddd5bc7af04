import type { TokenUsage } from "#lib/contract/usage-event.ts";

/**
 * One generation between two dialects: what every dialect's reader makes and every dialect's writer takes. It holds what at
 * least two dialects can say; a parameter of one dialect alone stands in `extras`, so that a writer of the same family can
 * use it and every other one refuses it by its name (or drops it, where the route says so). Nothing is lost in silence.
 * The shape follows the AI SDK's language model prompt and stream parts.
 */
export interface GenerationRequest {
  readonly system: readonly TextPart[];
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice | null;
  /** False: at most one tool call in an answer. Null: the upstream's own default. */
  readonly parallelToolCalls: boolean | null;
  readonly format: AnswerFormat;
  readonly maxOutputTokens: number | null;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly presencePenalty: number | null;
  readonly frequencyPenalty: number | null;
  readonly seed: number | null;
  readonly stop: readonly string[];
  readonly reasoning: Reasoning | null;
  /** How many answers are wanted; every dialect but two can give only one. */
  readonly candidates: number;
  /** The caller's own end user. */
  readonly user: string | null;
  readonly stream: boolean;
  /** Parameters only the caller's dialect knows, by the name the caller used, with the value as sent. */
  readonly extras: ReadonlyMap<string, unknown>;
}

export interface TextPart {
  readonly kind: "text";
  readonly text: string;
  /** Anthropic's and Bedrock's prompt cache mark on this part. */
  readonly isCachePoint?: boolean;
}

/** Bytes in base64 or an address; `mediaType` such as `image/png`, `application/pdf`, `audio/wav`; null when unknown. */
export interface MediaPart {
  readonly kind: "image" | "file" | "audio";
  readonly mediaType: string | null;
  readonly source: { readonly kind: "base64"; readonly data: string } | { readonly kind: "url"; readonly url: string };
  readonly fileName: string | null;
  /** OpenAI's `detail` of an image. */
  readonly detail?: string;
  readonly isCachePoint?: boolean;
}

/**
 * What the model thought. `signature` is opaque and must come back unchanged; `redacted` holds what may not be read. Both
 * are tagged by their origin where that is not Anthropic's family (`signature.ts`).
 */
export interface ReasoningPart {
  readonly kind: "reasoning";
  readonly text: string;
  readonly signature: string | null;
  readonly redacted: string | null;
}

export interface ToolCallPart {
  readonly kind: "tool_call";
  readonly id: string;
  readonly name: string;
  /** A JSON text, as the dialects that stream it have it. */
  readonly argumentsJson: string;
  /** Gemini's `thoughtSignature`, which must come back with the call; tagged by its origin (`signature.ts`). */
  readonly signature: string | null;
  readonly isCachePoint?: boolean;
}

export interface ToolResultPart {
  readonly kind: "tool_result";
  readonly callId: string;
  /** The tool's name, where the dialect tells it; else looked up among earlier calls. */
  readonly name: string | null;
  readonly content: readonly (TextPart | MediaPart)[];
  readonly isError: boolean;
  readonly isCachePoint?: boolean;
}

/** A refusal that the model wrote instead of an answer (OpenAI's `refusal`). */
export interface RefusalPart {
  readonly kind: "refusal";
  readonly text: string;
}

export type Message =
  | { readonly role: "user"; readonly parts: readonly (TextPart | MediaPart | ToolResultPart)[] }
  | { readonly role: "assistant"; readonly parts: readonly AnswerPart[] };

export type AnswerPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart | MediaPart;

export interface ToolDefinition {
  readonly name: string;
  readonly description: string | null;
  /** A JSON Schema of the arguments; null for a tool without any. */
  readonly parameters: Readonly<Record<string, unknown>> | null;
  readonly strict: boolean | null;
  readonly isCachePoint?: boolean;
}

export type ToolChoice =
  | { readonly kind: "auto" | "none" | "required" }
  | { readonly kind: "tool"; readonly name: string };

export type AnswerFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json" }
  | {
      readonly kind: "schema";
      readonly name: string;
      readonly description: string | null;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict: boolean | null;
    };

/** How much the model may think: a word, a number of tokens, or not at all. */
export type Reasoning =
  | {
      readonly kind: "effort";
      readonly effort: "minimal" | "low" | "medium" | "high" | "xhigh";
      readonly isShown: boolean;
    }
  | { readonly kind: "budget"; readonly budgetTokens: number; readonly isShown: boolean }
  | { readonly kind: "off" };

/** Why an answer ended. */
export type StopReason = "stop" | "length" | "tool_calls" | "content_filter" | "refusal" | "pause" | "other";

/** A whole answer, in parts. */
export interface GenerationAnswer {
  /** The upstream's own id of the answer; null when it has none. */
  readonly id: string | null;
  /** One entry per candidate: nearly always one. */
  readonly choices: readonly AnswerChoice[];
  readonly usage: TokenUsage | null;
}

export interface AnswerChoice {
  readonly parts: readonly AnswerPart[];
  readonly stop: StopReason;
  /** The stop sequence that ended it, where the upstream tells. */
  readonly stopSequence: string | null;
}

/**
 * One step of a streamed answer. Parts of one choice open and close one after another in the order of `index`, except tool
 * calls, which may be open at once; a writer must hold with that. `finish` comes once per choice, `usage` at most once and
 * last, `error` instead of both: a reader's `type` is the upstream's word, a writer's is the gateway's own code.
 */
export type StreamPart =
  | { readonly kind: "start"; readonly id: string | null }
  | { readonly kind: "text"; readonly choice: number; readonly text: string }
  | { readonly kind: "refusal"; readonly choice: number; readonly text: string }
  | {
      readonly kind: "reasoning";
      readonly choice: number;
      readonly text: string;
      readonly signature: string | null;
      readonly redacted: string | null;
    }
  | {
      readonly kind: "tool_call_start";
      readonly choice: number;
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly signature: string | null;
    }
  | { readonly kind: "tool_call_arguments"; readonly choice: number; readonly index: number; readonly json: string }
  | { readonly kind: "tool_call_end"; readonly choice: number; readonly index: number }
  | {
      readonly kind: "finish";
      readonly choice: number;
      readonly stop: StopReason;
      readonly stopSequence: string | null;
    }
  | { readonly kind: "usage"; readonly usage: TokenUsage }
  | { readonly kind: "error"; readonly message: string; readonly type: string | null };

/** What a reader or a writer cannot carry: the parameter as the caller named it, and what to do about it. */
export class NotCarried {
  readonly param: string;
  readonly message: string;
  /** The value is no valid one in the caller's own dialect: nobody could carry it, and it is never dropped. */
  readonly isInvalid: boolean;

  constructor(param: string, message: string, isInvalid = false) {
    this.param = param;
    this.message = message;
    this.isInvalid = isInvalid;
  }
}
