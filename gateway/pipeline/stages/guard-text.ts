import { checkPrompt } from "#gateway/guard/check-prompt.ts";
import type { CompiledGuards } from "#gateway/guard/compiled-guards.ts";
import type { Call } from "../call.ts";
import { ALLOW, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

async function check(call: Call, parts: PipelineParts, guards: CompiledGuards): Promise<StageResult> {
  return (await checkPrompt(call, guards, parts)) ?? ALLOW;
}

/** Guardrails that read the prompt. After the limits: they cost more than any other stage. */
export const guardText: Stage = {
  name: "guard-text",
  isNeeded: (needs) => needs.isInference,
  run(call: Call, parts: PipelineParts): StageResult | Promise<StageResult> {
    const guards = call.version?.guards ?? null;
    if (guards === null) return ALLOW;
    const readsPrompt = guards.prompt !== null || guards.webhooks.length > 0;
    return readsPrompt ? check(call, parts, guards) : ALLOW;
  },
};
