import type { Call } from "#gateway/pipeline/call.ts";
import { Denial } from "#gateway/pipeline/denial.ts";
import { OTHERS_CUT } from "#gateway/stream/body-fields.ts";
import { BodyProblem, scanBody } from "#gateway/stream/body-scanner.ts";
import type { Guardrail, GuardrailOf } from "#lib/contract/guardrail.ts";
import { boundFieldsOf, clampBody } from "./clamp-body.ts";
import type { CompiledGuards, CompiledParameters } from "./compiled-guards.ts";

/** The usual rule of thumb for text. */
const BYTES_PER_TOKEN = 4;

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

function checkSize(call: Call, guard: GuardrailOf<"max_prompt">, bytes: number): Denial | null {
  const tokens = Math.ceil(bytes / BYTES_PER_TOKEN);
  if (guard.maxBytes !== undefined && bytes > guard.maxBytes) {
    return blocked(call, guard, `its body has ${bytes} bytes, and ${guard.maxBytes} are allowed`);
  }
  if (guard.maxTokens !== undefined && tokens > guard.maxTokens) {
    return blocked(call, guard, `its body has about ${tokens} tokens, and ${guard.maxTokens} are allowed`);
  }
  return null;
}

function forbiddenName(call: Call, { guard, names }: CompiledParameters): string | null {
  const isForbidden = (name: string): boolean => name === OTHERS_CUT || names.has(name) === (guard.rule === "deny");
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
  const { candidates, maxOutputTokens: asked } = facts;
  const perAnswer = Math.floor(guard.maxTokens / Math.max(1, candidates));
  if (perAnswer === 0) return blocked(call, guard, `${candidates} answers cannot share ${guard.maxTokens} tokens`, "n");
  if (guard.action === "refuse" && asked !== null && asked > perAnswer) {
    return blocked(call, guard, `it asks for up to ${asked} tokens an answer, and ${perAnswer} are allowed`);
  }
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
    const denial = checkSize(call, guard, body.length);
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
