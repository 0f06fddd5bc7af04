import { formatDuration } from "#components/format/duration.ts";
import { TIMEOUT_FIELDS } from "#components/routes/timeout-values.ts";
import type { Timeouts } from "#lib/contract/policy-document.ts";

/** What changes in timeouts, one sentence each. */
export function timeoutSentences(from: Timeouts, to: Timeouts): string[] {
  return TIMEOUT_FIELDS.flatMap(({ key, label }) => {
    const [old, next] = [from[key], to[key]];
    if (old === next) return [];
    const instead = old === undefined ? "" : ` instead of ${formatDuration(old)}`;
    return [
      next === undefined
        ? `${label} timeout: no longer set${instead}.`
        : `${label} timeout: ${formatDuration(next)}${instead}.`,
    ];
  });
}
