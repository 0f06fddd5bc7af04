import { strategyWords } from "#components/routes/strategy-words.ts";
import type { StageDecision } from "#lib/contract/decision.ts";
import { StrategyKind } from "#lib/contract/policy-document.ts";

const stageWords: Record<string, string> = {
  tls: "How the caller connected",
  identify: "Who is calling",
  models: "Which models may be listed",
  read: "Reading the request",
  authorize: "May they call this",
  guardrail: "What a guardrail found",
  "guard-request": "What a guardrail found",
  "guard-text": "What a guardrail found",
  "guard-answer": "What a guardrail found in the answer",
  limit: "Is it within the limits",
  cache: "Is the answer known already",
  route: "Where it goes",
  translate: "Writing it in the target's format",
  forward: "Sending it on",
};

const cacheWords: Record<string, string> = {
  hit: "Answered from the cache",
  miss: "Not in the cache: the answer is asked for, and kept if it may be",
  bypass: "The cache was left out",
};

const factWords: Record<string, string> = {
  ageSeconds: "age in seconds",
  remainingTokens: "tokens remaining",
};

/** What a stage of policy asks, for people; one that is not known here keeps its own name. */
export function stageTitle({ stage }: StageDecision): string {
  return stageWords[stage] ?? stage;
}

/** The rule that decided, where the node names it by a word of its own. */
export function stageRule({ stage, rule }: StageDecision): string {
  if (stage === "cache") return cacheWords[rule] ?? rule;
  return stage === "route" ? choiceWords(rule) : rule;
}

/** Why a target was chosen or not: a strategy's name in words, anything else as the node says it. */
export function choiceWords(reason: string): string {
  const strategy = StrategyKind.safeParse(reason);
  return strategy.success ? strategyWords(strategy.data) : reason.replaceAll("_", " ");
}

/** What a figure behind a verdict is called. */
export function factLabel(name: string): string {
  return factWords[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
