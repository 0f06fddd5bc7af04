// Turns a prompt into the answer of every dialect: text or tool calls, limits and stop sequences applied, tokens counted.
import type { Prompt } from "./prompt.ts";
import { composeReply, composeToolReply } from "./reply-text.ts";
import { sampleSchema } from "./schema-sample.ts";
import { TOKEN_BYTES, textTokens, truncateToTokens } from "./tokens.ts";

/** One call of a tool. `argumentsText` is JSON, possibly cut short when the token limit struck. */
export interface ToolCall {
  name: string;
  argumentsText: string;
}

/** Why a choice ended. `stopSequence` keeps the text of the sequence that was met. */
export type Finish = { reason: "stop" | "length" | "tools" } | { reason: "stopSequence"; sequence: string };

/** One finished choice. Either `text` or `toolCalls` is empty. */
export interface Choice {
  text: string;
  toolCalls: ToolCall[];
  finish: Finish;
  outputTokens: number;
}

/** Every choice of a call, with the tokens of all of them together. */
export interface Generation {
  choices: Choice[];
  inputTokens: number;
  outputTokens: number;
}

/** A step of a stream. `tokens` is what this step alone generated; the steps of a choice add up to its `outputTokens`. */
export type Piece =
  | { kind: "text"; choice: number; text: string; tokens: number }
  | { kind: "tool"; choice: number; tool: number; name: string; tokens: number }
  | { kind: "arguments"; choice: number; tool: number; text: string; tokens: number }
  | { kind: "end"; choice: number; finish: Finish; tokens: 0 };

const ARGUMENT_PIECE_CHARS = 8;

function toolsToCall(prompt: Prompt): Prompt["tools"] {
  const { tools, toolChoice } = prompt;
  if (tools.length === 0 || toolChoice.mode === "none") return [];
  if (toolChoice.mode === "named") return tools.filter((tool) => tool.name === toolChoice.name).slice(0, 1);
  if (prompt.toolResults.length > 0 && toolChoice.mode === "auto") return [];
  const question = prompt.question.toLowerCase();
  const named = tools.filter((tool) => question.includes(tool.name.toLowerCase()));
  const called = named.length === 0 && toolChoice.mode === "any" ? tools.slice(0, 1) : named;
  return prompt.isParallelToolUse ? called : called.slice(0, 1);
}

function callTools(called: Prompt["tools"], prompt: Prompt): Choice {
  const toolCalls: ToolCall[] = [];
  let outputTokens = 0;
  for (const tool of called) {
    const nameTokens = textTokens(tool.name);
    const left = prompt.outputTokensMax - outputTokens - nameTokens;
    if (left <= 0) return { text: "", toolCalls, finish: { reason: "length" }, outputTokens };
    const whole = JSON.stringify(sampleSchema(tool.parameters, prompt.question));
    const argumentsText = truncateToTokens(whole, left);
    toolCalls.push({ name: tool.name, argumentsText });
    outputTokens += nameTokens + textTokens(argumentsText);
    if (argumentsText.length < whole.length) return { text: "", toolCalls, finish: { reason: "length" }, outputTokens };
  }
  return { text: "", toolCalls, finish: { reason: "tools" }, outputTokens };
}

function wholeText(prompt: Prompt, variant: number): string {
  if (prompt.jsonSchema !== undefined) {
    const isFree = Object.keys(prompt.jsonSchema).length === 0;
    const answer = { answer: composeReply(prompt.question, variant), model: "demo" };
    return JSON.stringify(isFree ? answer : sampleSchema(prompt.jsonSchema, prompt.question));
  }
  if (prompt.toolResults.length > 0) return composeToolReply(prompt.toolResults, variant);
  return composeReply(prompt.question, variant);
}

function writeText(prompt: Prompt, variant: number): Choice {
  let text = wholeText(prompt, variant);
  let finish: Finish = { reason: "stop" };
  for (const sequence of prompt.stopSequences) {
    const at = sequence === "" ? -1 : text.indexOf(sequence);
    if (at < 0) continue;
    text = text.slice(0, at);
    finish = { reason: "stopSequence", sequence };
  }
  const cut = truncateToTokens(text, prompt.outputTokensMax);
  if (cut.length < text.length) finish = { reason: "length" };
  return { text: cut, toolCalls: [], finish, outputTokens: textTokens(cut) };
}

/** Answers `prompt`. Hot path: no clock, no randomness, one pass over the text. */
export function generate(prompt: Prompt): Generation {
  const called = toolsToCall(prompt);
  const choices: Choice[] = [];
  let outputTokens = 0;
  for (let index = 0; index < prompt.choiceCount; index += 1) {
    const choice = called.length > 0 ? callTools(called, prompt) : writeText(prompt, index);
    choices.push(choice);
    outputTokens += choice.outputTokens;
  }
  return { choices, inputTokens: prompt.inputTokens, outputTokens };
}

function* textPieces(text: string, choice: number): Generator<Piece> {
  let bytes = 0;
  let counted = 0;
  for (let start = 0; start < text.length; ) {
    const space = text.indexOf(" ", start + 1);
    const end = space < 0 ? text.length : space;
    const word = text.slice(start, end);
    bytes += Buffer.byteLength(word);
    const total = Math.ceil(bytes / TOKEN_BYTES);
    yield { kind: "text", choice, text: word, tokens: total - counted };
    counted = total;
    start = end;
  }
}

function* toolPieces(call: ToolCall, choice: number, tool: number): Generator<Piece> {
  yield { kind: "tool", choice, tool, name: call.name, tokens: textTokens(call.name) };
  let bytes = 0;
  let counted = 0;
  const characters = Array.from(call.argumentsText);
  for (let start = 0; start < characters.length; start += ARGUMENT_PIECE_CHARS) {
    const text = characters.slice(start, start + ARGUMENT_PIECE_CHARS).join("");
    bytes += Buffer.byteLength(text);
    const total = Math.ceil(bytes / TOKEN_BYTES);
    yield { kind: "arguments", choice, tool, text, tokens: total - counted };
    counted = total;
  }
}

function* choicePieces(choice: Choice, index: number): Generator<Piece> {
  if (choice.text !== "") yield* textPieces(choice.text, index);
  for (const [tool, call] of choice.toolCalls.entries()) yield* toolPieces(call, index, tool);
  yield { kind: "end", choice: index, finish: choice.finish, tokens: 0 };
}

function* endlessPieces(): Generator<Piece> {
  while (true) yield { kind: "text", choice: 0, text: " onward and on", tokens: textTokens(" onward and on") };
}

/** The steps of a stream: choices take turns, as they do at real providers. `neverEnds` goes on for ever instead. */
export function* streamPieces(generation: Generation, neverEnds: boolean): Generator<Piece> {
  if (neverEnds) yield* endlessPieces();
  const [first] = generation.choices;
  if (generation.choices.length === 1 && first !== undefined) {
    yield* choicePieces(first, 0);
    return;
  }
  let running = generation.choices.map((choice, index) => choicePieces(choice, index));
  while (running.length > 0) {
    const stillRunning: typeof running = [];
    for (const pieces of running) {
      const step = pieces.next();
      if (step.done === true) continue;
      yield step.value;
      stillRunning.push(pieces);
    }
    running = stillRunning;
  }
}
