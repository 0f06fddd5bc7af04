import { DELTA_READERS } from "#gateway/guard/answer-deltas.ts";
import { checkPrompt } from "#gateway/guard/check-prompt.ts";
import type { CompiledGuards } from "#gateway/guard/compiled-guards.ts";
import { GuardedReply } from "#gateway/guard/guarded-reply.ts";
import type { Call } from "../call.ts";
import { ALLOW, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

/** Has the answer read too, where guards ask for that and the action's answers are text. */
function guardAnswer(call: Call, parts: PipelineParts, { answer }: CompiledGuards): void {
  const reader = DELTA_READERS[call.action];
  if (answer === null || reader === undefined) return;
  const reply = new GuardedReply(call, answer, reader, (error) => parts.onStageError("guard-answer", error));
  call.reply = reply;
  call.conclude = reply.conclude;
}

async function check(call: Call, parts: PipelineParts, guards: CompiledGuards): Promise<StageResult> {
  return (await checkPrompt(call, guards, parts)) ?? ALLOW;
}

/** Guardrails that read the prompt, and those that will read the answer. After the limits: they cost more than any other stage. */
export const guardText: Stage = {
  name: "guard-text",
  isNeeded: (needs) => needs.isInference,
  hasOwnDeadline: true,
  run(call: Call, parts: PipelineParts): StageResult | Promise<StageResult> {
    const guards = call.version?.guards ?? null;
    if (guards === null) return ALLOW;
    guardAnswer(call, parts, guards);
    const readsPrompt = guards.prompt !== null || guards.webhooks.length > 0;
    return readsPrompt ? check(call, parts, guards) : ALLOW;
  },
};
