import type { Call } from "#gateway/pipeline/call.ts";
import type { GatewayAction } from "#lib/contract/action.ts";
import type { RateLimitScope } from "#lib/contract/rate-limit.ts";

/** What a call that does not say how long its answer may get reserves for it, in tokens. */
export const OUTPUT_TOKENS_DEFAULT = 1_000;
/** Text a model reads at four bytes a token: the rule of thumb that usage is estimated by too. */
const BYTES_PER_TOKEN = 4;

/** What is asked for and generates text. */
const GENERATES: ReadonlySet<GatewayAction> = new Set([
  "chat.completions",
  "completions",
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
]);

/** What of a call says whom it counts for. */
export interface LimitedCall {
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
      return call.request.sourceAddress;
    case "route":
    case "upstream":
      return "";
  }
}

/** How many tokens a call may use, as far as its body says: what is reserved before, and settled to the truth after. */
export function estimateTokens({ action, body, facts }: Call): number {
  if (facts === null || body === null) return 0;
  const input = Math.ceil(body.length / BYTES_PER_TOKEN);
  if (!GENERATES.has(action)) return input;
  return input + (facts.maxOutputTokens ?? OUTPUT_TOKENS_DEFAULT) * facts.candidates;
}
