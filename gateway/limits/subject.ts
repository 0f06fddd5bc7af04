import type { Call } from "#gateway/pipeline/call.ts";
import { estimateCall, GENERATES_TEXT } from "#gateway/pipeline/estimate-call.ts";
import type { RateLimitScope } from "#lib/contract/rate-limit.ts";
import { addressBlock } from "#lib/policy/address-block.ts";

/** What a call that does not say how long its answer may get reserves for it, in tokens. */
export const OUTPUT_TOKENS_DEFAULT = 1_000;
/** What of a call says whom it counts for. */
export interface LimitedCall {
  readonly id: string;
  readonly consumer: { readonly id: string; readonly teamId: string } | null;
  readonly apiKey: { readonly id: string } | null;
  readonly request: { readonly sourceAddress: string };
}

/** Whom a call counts for in a limit of this scope. */
export function subjectOf(call: LimitedCall, per: RateLimitScope): string {
  switch (per) {
    case "consumer":
      return call.consumer?.id ?? "";
    case "key":
      return call.apiKey?.id ?? "";
    case "team":
      return call.consumer?.teamId ?? "";
    case "address":
      return addressBlock(call.request.sourceAddress);
    case "route":
    case "upstream":
      return "";
  }
}

/** How many tokens a call may use, as far as its body says: what is reserved before, and settled to the truth after. */
export function estimateTokens(call: Call): number {
  const { action, facts } = call;
  const { inputTokens } = estimateCall(call, 0);
  if (facts === null || !GENERATES_TEXT.has(action)) return inputTokens;
  return inputTokens + (facts.maxOutputTokens ?? OUTPUT_TOKENS_DEFAULT) * facts.candidates;
}
