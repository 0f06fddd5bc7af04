import type { NotCarried } from "#gateway/dialects/generation.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import type { Call } from "../call.ts";
import { Denial } from "../denial.ts";

export const BAD_BODY = new Denial("invalid_request", "The body is not valid JSON.", { rule: "body" });

/** What a caller hears of a parameter that could not be read or written; `param` is the caller's name of it. */
export function refusal({ message, isInvalid }: NotCarried, param: string): Denial {
  if (isInvalid) return new Denial("invalid_request", message, { param, rule: `invalid ${param}` });
  return new Denial("unsupported_parameter", `The parameter '${param}' cannot be carried to this model. ${message}`, {
    param,
    rule: `${param} cannot be carried`,
  });
}

/** Writes into the decision between which dialects a target's request was translated, and what was left out. */
export function noteTranslation(call: Call, target: CompiledTarget, rule: string, dropped: readonly string[]): void {
  const { id } = target;
  if (call.decisions.some((each) => each.stage === "translate" && each.facts?.target === id)) return;
  call.allow("translate", rule, dropped.length === 0 ? { target: id } : { target: id, dropped: dropped.join(", ") });
}
