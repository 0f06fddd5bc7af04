import type { Call } from "#gateway/pipeline/call.ts";
import { Denial } from "#gateway/pipeline/denial.ts";
import { OTHERS_CUT } from "#gateway/stream/body-fields.ts";
import { BodyProblem, scanBody } from "#gateway/stream/body-scanner.ts";
import type { Guardrail, GuardrailOf } from "#lib/contract/guardrail.ts";
import { type CompiledParameters, forbidsParameter, judgeOutput, sizeProblem } from "#lib/policy/guard-request.ts";
import { boundFieldsOf, clampBody } from "./clamp-body.ts";
import type { CompiledGuards } from "./compiled-guards.ts";

/** Refuses by a guard, or only notes it where the guard is a shadow. */
export function blocked(call: Call, guard: Guardrail, why: string, param: string | null = null): Denial | null {
  if (guard.mode === "shadow") {
    call.allow("guardrail", `${guard.name} would refuse: ${why}`, { guard: guard.name, mode: "shadow" });
    return null;
  }
  return new Denial("guardrail_blocked", `The guardrail "${guard.name}" refuses this call: ${why}.`, {
    param,
    rule: `${guard.name}: ${why}`,
  });
}

function forbiddenName(call: Call, compiled: CompiledParameters): string | null {
  const isForbidden = (name: string): boolean => name === OTHERS_CUT || forbidsParameter(compiled, name);
  const { facts } = call;
  return facts?.parameters.find(isForbidden) ?? facts?.otherParameters.find(isForbidden) ?? null;
}

function checkParameters(call: Call, compiled: CompiledParameters): Denial | null {
  const name = forbiddenName(call, compiled);
  if (name === null) return null;
  if (name === OTHERS_CUT) return blocked(call, compiled.guard, "it has too many parameters that are not known");
  return blocked(call, compiled.guard, `the parameter "${name.slice(0, 100)}" is not allowed`, name.slice(0, 100));
}

function checkOutput(call: Call, guards: CompiledGuards, guard: GuardrailOf<"max_output">): Denial | null {
  const { body, facts } = call;
  const fields = boundFieldsOf(call.action, guards.chatField);
  if (fields === null || body === null || facts === null) return null;
  const verdict = judgeOutput(guard, call.action, facts);
  if (verdict === null) return null;
  const { perAnswer, problem } = verdict;
  if (problem !== null) return blocked(call, guard, problem.why, problem.param);
  const { maxOutputTokens: asked } = facts;
  const clamped = clampBody(body, facts, fields, perAnswer);
  if (clamped === null) return null;
  const words = `at most ${perAnswer} tokens an answer instead of ${asked === null ? "no bound" : asked}`;
  if (guard.mode === "shadow") {
    call.allow("guardrail", `${guard.name} would ask for ${words}`, { guard: guard.name, mode: "shadow" });
    return null;
  }
  call.allow("guardrail", `${guard.name} asks for ${words}`, { guard: guard.name, mode: "enforce", tokens: perAnswer });
  replaceBody(call, clamped);
  return null;
}

/** Puts another body in the place of the caller's, with its own facts. Throws for one that does not hold together. */
export function replaceBody(call: Call, body: Buffer): void {
  // Where the path names the model, the body need not.
  const path = call.facts?.modelIn === "path" ? call.facts : null;
  const facts = scanBody(body, path);
  if (facts instanceof BodyProblem) throw new Error("A guardrail made a body that cannot be read");
  call.body = body;
  call.facts = facts;
}

/** What can be decided without reading the prompt: its size, its parameters, and how long the answer may get. */
export function checkRequest(call: Call, guards: CompiledGuards): Denial | null {
  const { body } = call;
  if (body === null) throw new Error("A call reached its guardrails without a body");
  for (const guard of guards.maxPrompt) {
    const why = sizeProblem(guard, body.length);
    const denial = why === null ? null : blocked(call, guard, why);
    if (denial !== null) return denial;
  }
  for (const compiled of guards.parameters) {
    const denial = checkParameters(call, compiled);
    if (denial !== null) return denial;
  }
  for (const guard of guards.maxOutput) {
    const denial = checkOutput(call, guards, guard);
    if (denial !== null) return denial;
  }
  return null;
}
