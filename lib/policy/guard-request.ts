import type { GatewayAction } from "#lib/contract/action.ts";
import type { GuardrailOf } from "#lib/contract/guardrail.ts";
import { PARAMETER_SPELLINGS } from "#lib/contract/known-parameters.ts";
import { GENERATES_TEXT, tokensOfText } from "./reserved-tokens.ts";

/** A guard of parameters with its names as bodies spell them. */
export interface CompiledParameters {
  readonly guard: GuardrailOf<"parameters">;
  readonly names: ReadonlySet<string>;
}

/** What every allow list contains by itself: without them there is no call. */
const ALWAYS_ALLOWED = ["model", "messages", "prompt", "input", "contents", "stream", "stream_options"];

export function compileParameters(guard: GuardrailOf<"parameters">): CompiledParameters {
  const spelled = guard.names.map((name) => PARAMETER_SPELLINGS[name] ?? name);
  return { guard, names: new Set(guard.rule === "allow" ? [...ALWAYS_ALLOWED, ...spelled] : spelled) };
}

/** Whether a guard refuses a parameter of this name. */
export function forbidsParameter({ guard, names }: CompiledParameters, name: string): boolean {
  return names.has(name) === (guard.rule === "deny");
}

/** Why a body of so many bytes is too large; null where it is not. */
export function sizeProblem({ maxBytes, maxTokens }: GuardrailOf<"max_prompt">, bytes: number): string | null {
  if (maxBytes !== undefined && bytes > maxBytes) return `its body has ${bytes} bytes, and ${maxBytes} are allowed`;
  const tokens = tokensOfText(bytes);
  if (maxTokens === undefined || tokens <= maxTokens) return null;
  return `its body has about ${tokens} tokens, and ${maxTokens} are allowed`;
}

/** What a guard of the answer's length makes of a call. */
export interface OutputVerdict {
  /** The most tokens that each answer may have. */
  readonly perAnswer: number;
  /** Why the call is refused, and by which of its fields; null where it is not. */
  readonly problem: { readonly why: string; readonly param: string | null } | null;
}

/** Judges what a call asks its answers to be; null for an action whose answer has no length in tokens. */
export function judgeOutput(
  guard: GuardrailOf<"max_output">,
  action: GatewayAction,
  { candidates, maxOutputTokens: asked }: { readonly candidates: number; readonly maxOutputTokens: number | null },
): OutputVerdict | null {
  if (!GENERATES_TEXT.has(action)) return null;
  const perAnswer = Math.floor(guard.maxTokens / Math.max(1, candidates));
  if (perAnswer === 0) {
    return {
      perAnswer,
      problem: { why: `${candidates} answers cannot share ${guard.maxTokens} tokens`, param: "n" },
    };
  }
  if (guard.action !== "refuse" || asked === null || asked <= perAnswer) return { perAnswer, problem: null };
  const why = `it asks for up to ${asked} tokens an answer, and ${perAnswer} are allowed`;
  return { perAnswer, problem: { why, param: null } };
}
