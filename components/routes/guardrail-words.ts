import type { GuardedText, Guardrail, PiiType } from "#lib/contract/guardrail.ts";

export const piiWords: Record<PiiType, string> = {
  email: "e-mail addresses",
  phone: "telephone numbers",
  card: "card numbers",
  iban: "bank accounts (IBAN)",
  secret: "keys and secrets",
};

const textWords: Record<GuardedText, string> = {
  prompt: "in prompts",
  answer: "in answers",
  both: "in prompts and answers",
};

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

function deed(guard: Guardrail): string {
  switch (guard.kind) {
    case "max_prompt": {
      const bytes = guard.maxBytes === undefined ? [] : [`${guard.maxBytes.toLocaleString("en")} bytes`];
      const tokens = guard.maxTokens === undefined ? [] : [`about ${guard.maxTokens.toLocaleString("en")} tokens`];
      return `refuses bodies of more than ${[...bytes, ...tokens].join(" or ")}`;
    }
    case "max_output": {
      const most = `${guard.maxTokens.toLocaleString("en")} tokens`;
      return guard.action === "clamp"
        ? `bounds answers to ${most}`
        : `refuses calls that ask for more than ${most}, and bounds answers to as many`;
    }
    case "parameters":
      return guard.rule === "deny"
        ? `refuses the parameters ${listed(guard.names)}`
        : `refuses all parameters but the prompt's own, ${listed(guard.names)}`;
    case "pattern": {
      const count = guard.patterns.length === 1 ? "a pattern" : `any of ${guard.patterns.length} patterns`;
      return `${guard.action === "deny" ? "refuses" : "redacts"} what matches ${count} ${textWords[guard.on]}`;
    }
    case "pii":
      return `${guard.action === "deny" ? "refuses" : "masks"} ${listed(guard.types.map((type) => piiWords[type]))} ${textWords[guard.on]}`;
    case "webhook":
      return `asks a guard server about each prompt, for at most ${guard.timeoutMs} ms; without an answer calls ${guard.onError === "deny" ? "are refused" : "pass"}`;
  }
}

/** What a guardrail does, as half a sentence: "masks e-mail addresses in prompts (shadow: only noted)". */
export function guardrailWords(guard: Guardrail): string {
  return `${deed(guard)}${guard.mode === "shadow" ? " (shadow: only noted)" : ""}`;
}
