import { describe, expect, it } from "vitest";
import { guardrailBoxes, guardrailsOf, newGuardrail } from "#components/routes/guardrail-values.ts";
import { guardrailWords } from "#components/routes/guardrail-words.ts";
import { Guardrails } from "#lib/contract/guardrail.ts";

const guards = Guardrails.parse([
  { kind: "max_prompt", name: "size", maxBytes: 10_000, maxTokens: 2_000 },
  { kind: "max_output", name: "short", maxTokens: 500 },
  { kind: "parameters", name: "plain", rule: "deny", names: ["tools", "logit_bias"] },
  { kind: "pattern", name: "words", on: "both", action: "deny", patterns: ["a", "b"], mode: "shadow" },
  { kind: "pii", name: "pii", types: ["email", "card"] },
  { kind: "webhook", name: "server", upstreamId: "ups_1", path: "/check", onError: "allow" },
]);

describe("guardrails in the console", () => {
  it("are said in words", () => {
    expect(guards.map(guardrailWords)).toEqual([
      "refuses bodies of more than 10,000 bytes or about 2,000 tokens",
      "bounds answers to 500 tokens",
      "refuses the parameters tools and logit_bias",
      "refuses what matches any of 2 patterns in prompts and answers (shadow: only noted)",
      "masks e-mail addresses and card numbers in prompts",
      "asks a guard server about each prompt, for at most 1000 ms; without an answer calls pass",
    ]);
  });

  it("come out of a form as they went in", () => {
    expect(Guardrails.parse(guardrailsOf(guardrailBoxes(guards)))).toEqual(guards);
    expect(Guardrails.safeParse(guardrailsOf([newGuardrail(0)])).success).toBe(true);
  });
});
