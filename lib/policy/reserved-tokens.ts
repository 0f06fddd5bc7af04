import type { GatewayAction } from "#lib/contract/action.ts";
import type { AskedFacts } from "#lib/contract/usage-event.ts";

/** Actions whose answer is text that a model generated. Vectors, scores, pictures and sound are no tokens by their bytes. */
export const GENERATES_TEXT: ReadonlySet<GatewayAction> = new Set([
  "chat.completions",
  "completions",
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
]);

/** What a call that does not say how long its answer may get reserves for it, in tokens. */
const OUTPUT_TOKENS_DEFAULT = 1_000;

/** Text at four bytes a token: the usual rule of thumb. */
export function tokensOfText(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/** Whether an action uses tokens at all: a count of tokens costs nothing, and a REST call uses no model. */
export function isCountedInTokens(action: GatewayAction): boolean {
  return action !== "messages.count_tokens" && action !== "http";
}

/**
 * How many tokens a call may use, as far as its body says: what is reserved before, and settled to the truth after. A form
 * carries a picture or a recording, whose bytes say nothing.
 */
export function reservedTokens(action: GatewayAction, asked: Omit<AskedFacts, "version">): number {
  const { bodyBytes, isForm, maxOutputTokens, candidates } = asked;
  const inputTokens = isForm || !isCountedInTokens(action) ? 0 : tokensOfText(bodyBytes);
  if (!GENERATES_TEXT.has(action)) return inputTokens;
  return inputTokens + (maxOutputTokens ?? OUTPUT_TOKENS_DEFAULT) * candidates;
}
