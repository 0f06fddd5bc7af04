import { sentenceCase } from "#components/format/words.ts";
import { strategyWords } from "#components/routes/strategy-words.ts";
import type { StageDecision } from "#lib/contract/decision.ts";
import { StrategyKind } from "#lib/contract/policy-document.ts";
import type { RequestView } from "#lib/domain/request/schemas.ts";

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

/** The rule that decided, with words for what the node calls by a word of its own, and names for ids. */
export function stageRule({ stage, rule }: StageDecision, names: ReadonlyMap<string, string>): string {
  if (stage === "cache") return cacheWords[rule] ?? rule;
  return stage === "route" ? sentenceCase(choiceWords(rule)) : withNames(rule, names);
}

/** A figure behind a verdict, with names for ids. */
export function factValue(value: string | number | boolean | null, names: ReadonlyMap<string, string>): string {
  if (value === null) return "–";
  return typeof value === "string" ? withNames(value, names) : String(value);
}

/** The names of what a decision speaks of by id: the caller's key and consumer, and the models of the targets. */
export function namesIn({ apiKey, consumer, decision }: RequestView): Map<string, string> {
  const names = new Map(decision.candidates.map(({ targetId, model }) => [targetId, model]));
  for (const thing of [apiKey, consumer]) if (thing?.name) names.set(thing.id, thing.name);
  return names;
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\b[a-z]+_[0-9A-Za-z]+/g, (id) => names.get(id) ?? id);
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
