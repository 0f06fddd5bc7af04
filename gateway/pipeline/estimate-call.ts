import { estimateUsage } from "#gateway/usage/estimate.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { GENERATES_TEXT, isCountedInTokens } from "#lib/policy/reserved-tokens.ts";
import type { Call } from "./call.ts";

/**
 * What a call used when its upstream did not say: from the bytes of text on both sides. A form carries a picture or a
 * recording, whose bytes say nothing; a count of tokens costs nothing, and a REST call uses no model.
 */
export function estimateCall({ action, body, facts }: Call, outputBytes: number): TokenUsage {
  if (!isCountedInTokens(action)) return { ...estimateUsage(0, 0), source: "none" };
  const readsText = facts?.modelIn !== "form";
  return estimateUsage(readsText ? (body?.length ?? 0) : 0, GENERATES_TEXT.has(action) ? outputBytes : 0);
}
