import type { RequestFacts } from "./dialect.ts";
import { type GenerationRequest, NotCarried } from "./generation.ts";

/** They help a vendor to serve the call and change nothing in the answer: left out and noted, never refused. */
const HINTS: ReadonlySet<string> = new Set(["prompt_cache_key", "prompt_cache_retention", "safety_identifier"]);

/**
 * What a writer does about a parameter that its dialect cannot say: throws `NotCarried`, or tells that it is left out
 * where the route says so. `orNotCarried` turns the throw into the value that the seam wants.
 */
export function cannotCarry(facts: RequestFacts, param: string, why: string): void {
  if (facts.onNotCarried === "refuse" && !HINTS.has(param)) throw new NotCarried(param, why);
  facts.onDropped(param);
}

/** What a message holds is never left out, whatever the route says: throws `NotCarried` for it. */
export function refuseContent(why: string): never {
  throw new NotCarried("messages", why);
}

/**
 * Refuses each of these fields of the request that is set: none of them has a place in the writer's dialect. A penalty of
 * zero asks for nothing.
 */
export function carryNone(
  facts: RequestFacts,
  request: GenerationRequest,
  fields: readonly ("topK" | "presencePenalty" | "frequencyPenalty" | "seed")[],
): void {
  for (const field of fields) {
    const asksForNothing = request[field] === null || (field.endsWith("Penalty") && request[field] === 0);
    if (!asksForNothing) cannotCarry(facts, field, "The target model's API has no such parameter.");
  }
}

/** Every dialect but two gives one answer, and no dialect's own parameters mean anything to another one. */
export function carryNoExtras(facts: RequestFacts, request: GenerationRequest): void {
  for (const param of request.extras.keys()) {
    cannotCarry(facts, param, "The target model's API has no such parameter.");
  }
}

/** Refuses more than one candidate. */
export function carryOneCandidate(facts: RequestFacts, request: GenerationRequest): void {
  if (request.candidates > 1) cannotCarry(facts, "candidates", "The target model's API gives one answer for a call.");
}
