import type { OutputBoundField } from "#gateway/stream/body-fields.ts";
import type { Guardrail, GuardrailOf } from "#lib/contract/guardrail.ts";
import { compilePattern, type Detector, PatternProblem } from "#lib/policy/guard-detect.ts";
import { PII_DETECTORS } from "#lib/policy/guard-pii.ts";
import { type CompiledParameters, compileParameters } from "#lib/policy/guard-request.ts";
import type { MatchAction } from "#lib/policy/guard-scan.ts";

/** A detector with what its guard does about a match. */
export interface TextRule {
  readonly guard: string;
  readonly detector: Detector;
  readonly action: MatchAction;
  /** For a shadow: what it would have done. */
  readonly intended: "deny" | "redact";
}

/** What a text is searched for, in one pass. */
export interface TextRules {
  readonly rules: readonly TextRule[];
  readonly windowChars: number;
  /** Whether anything may come of it but a note. */
  readonly isEnforced: boolean;
}

/** Where a webhook guard asks. */
export interface WebhookAddress {
  readonly upstreamId: string;
  readonly origin: string;
  readonly path: string;
  readonly allowPrivateNetwork: boolean;
}

export interface CompiledWebhook {
  readonly guard: GuardrailOf<"webhook">;
  readonly address: WebhookAddress;
}

/** The guards of a route version, by when they run: on the request, on the prompt's text, on the answer's. */
export interface CompiledGuards {
  readonly maxPrompt: readonly GuardrailOf<"max_prompt">[];
  readonly parameters: readonly CompiledParameters[];
  readonly maxOutput: readonly GuardrailOf<"max_output">[];
  /** What bounds a chat's answer at these targets, where the caller does not. */
  readonly chatField: OutputBoundField;
  readonly prompt: TextRules | null;
  readonly webhooks: readonly CompiledWebhook[];
  readonly answer: TextRules | null;
}

/** Providers whose chat models refuse `max_tokens` in favour of its successor. */
const NEW_BOUND: ReadonlySet<string> = new Set(["openai", "azure_openai"]);

export type GuardProblem = { readonly path: string; readonly message: string };

/**
 * Compiles a version's guards; null when it has none. `addressOf` finds the upstream of a webhook. Throws by way of `refuse`
 * for a pattern that does not compile, and for a webhook without an upstream.
 */
export function compileGuards(
  guards: readonly Guardrail[],
  providers: readonly string[],
  addressOf: (guard: GuardrailOf<"webhook">) => WebhookAddress | undefined,
  refuse: (problem: GuardProblem) => never,
): CompiledGuards | null {
  if (guards.length === 0) return null;
  const prompt: TextRule[] = [];
  const answer: TextRule[] = [];
  const webhooks: CompiledWebhook[] = [];
  let windowChars = 0;
  guards.forEach((guard, index) => {
    if (guard.kind === "webhook") {
      const address = addressOf(guard);
      if (address === undefined) refuse({ path: `/${index}/upstreamId`, message: "The upstream does not exist." });
      webhooks.push({ guard, address });
    }
    if (guard.kind !== "pattern" && guard.kind !== "pii") return;
    windowChars = Math.max(windowChars, guard.windowChars);
    const rules = textRules(guard, index, refuse);
    if (guard.on !== "answer") prompt.push(...rules);
    if (guard.on !== "prompt") answer.push(...rules);
  });
  return {
    maxPrompt: guards.filter((guard) => guard.kind === "max_prompt"),
    parameters: guards.filter((guard) => guard.kind === "parameters").map(compileParameters),
    maxOutput: guards.filter((guard) => guard.kind === "max_output"),
    chatField: providers.every((kind) => NEW_BOUND.has(kind)) ? "max_completion_tokens" : "max_tokens",
    prompt: together(prompt, windowChars),
    webhooks,
    answer: together(answer, windowChars),
  };
}

function together(rules: readonly TextRule[], windowChars: number): TextRules | null {
  if (rules.length === 0) return null;
  return { rules, windowChars, isEnforced: rules.some(({ action }) => action !== "count") };
}

function textRules(
  guard: GuardrailOf<"pattern"> | GuardrailOf<"pii">,
  index: number,
  refuse: (problem: GuardProblem) => never,
): TextRule[] {
  const action = guard.mode === "shadow" ? "count" : guard.action;
  const rule = (detector: Detector): TextRule => ({ guard: guard.name, detector, action, intended: guard.action });
  if (guard.kind === "pii") return guard.types.map((type) => rule(PII_DETECTORS[type]));
  return guard.patterns.map((source, place) => {
    const detector = compilePattern(guard.name, source);
    if (!(detector instanceof PatternProblem)) return rule(detector);
    return refuse({ path: `/${index}/patterns/${place}`, message: `The pattern ${detector.message}.` });
  });
}
