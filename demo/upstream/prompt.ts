import type { FaultEffect } from "./faults.ts";
import type { JsonObject } from "./json.ts";

/** A tool offered to the model, whatever the dialect called it. */
export interface OfferedTool {
  name: string;
  /** JSON Schema of the arguments. */
  parameters: JsonObject;
}

/** How far the caller wants tools used: `named` forces one tool, `any` forces at least one. */
export type ToolChoice = { mode: "auto" | "none" | "any" } | { mode: "named"; name: string };

/** What a dialect module extracts from a request, so that one generator can answer all of them. */
export interface Prompt {
  /** Text of the last user message. */
  question: string;
  /** Texts of the tool results that end the conversation; empty unless tools have just run. */
  toolResults: string[];
  inputTokens: number;
  tools: OfferedTool[];
  toolChoice: ToolChoice;
  isParallelToolUse: boolean;
  /** `undefined`: plain text. `{}`: any JSON object. Otherwise the JSON Schema to satisfy. */
  jsonSchema: JsonObject | undefined;
  /** Upper bound of output tokens for each choice; Infinity when the caller set none. */
  outputTokensMax: number;
  stopSequences: string[];
  choiceCount: number;
}

/** A prompt with no tools, no structure and no limits; dialect modules override what they read. */
export function plainPrompt(question: string, inputTokens: number): Prompt {
  return {
    question,
    toolResults: [],
    inputTokens,
    tools: [],
    toolChoice: { mode: "auto" },
    isParallelToolUse: true,
    jsonSchema: undefined,
    outputTokensMax: Number.POSITIVE_INFINITY,
    stopSequences: [],
    choiceCount: 1,
  };
}

/** The prompt as a faulty upstream would read it. */
export function applyEffect(prompt: Prompt, effect: FaultEffect): Prompt {
  if (effect.ignoreMaxTokens !== true) return prompt;
  return { ...prompt, outputTokensMax: Number.POSITIVE_INFINITY };
}
