import { formatDuration } from "#components/format/duration.ts";
import { TIMEOUT_FIELDS } from "#components/routes/timeout-values.ts";
import type { KeyValue } from "#components/ui/key-value-list.tsx";
import type { Timeouts } from "#lib/contract/policy-document.ts";

/** Timeouts as facts: the set ones, and what holds for the others. One line where none is set. */
export function timeoutFacts(timeouts: Timeouts, otherwise: string): KeyValue[] {
  if (TIMEOUT_FIELDS.every(({ key }) => timeouts[key] === undefined)) return [{ label: "Timeouts", value: otherwise }];
  return TIMEOUT_FIELDS.map(({ key, label }) => {
    const value = timeouts[key];
    return { label: `${label} timeout`, value: value === undefined ? otherwise : formatDuration(value) };
  });
}
