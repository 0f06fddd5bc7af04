import { estimateUsage } from "#gateway/usage/estimate.ts";
import type { GatewayAction } from "#lib/contract/action.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { Call } from "./call.ts";

/** Actions whose answer is text that a model generated. Vectors, scores, pictures and sound are no tokens by their bytes. */
export const GENERATES_TEXT: ReadonlySet<GatewayAction> = new Set([
  "chat.completions",
  "completions",
  "responses",
  "messages",
  "generate_content",
  "stream_generate_content",
]);

/**
 * What a call used when its upstream did not say: from the bytes of text on both sides. A form carries a picture or a
 * recording, whose bytes say nothing; a count of tokens costs nothing, and a REST call uses no model.
 */
export function estimateCall({ action, body, facts }: Call, outputBytes: number): TokenUsage {
  if (action === "messages.count_tokens" || action === "http") return { ...estimateUsage(0, 0), source: "none" };
  const readsText = facts?.modelIn !== "form";
  return estimateUsage(readsText ? (body?.length ?? 0) : 0, GENERATES_TEXT.has(action) ? outputBytes : 0);
}
