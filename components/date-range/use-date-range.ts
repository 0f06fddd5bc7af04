"use client";
import { parseAsBoolean, parseAsStringLiteral, parseAsTimestamp, useQueryStates } from "nuqs";
import {
  type DateRange,
  type RangePreset,
  type ResolvedRange,
  rangePresets,
  resolveRange,
} from "#components/date-range/date-range.ts";
import { useNow } from "#components/ui/use-now.ts";

/** The URL keys of a range: `range`, or `from` and `to` (Unix milliseconds), and `compare`. */
export const dateRangeParsers = {
  range: parseAsStringLiteral(rangePresets),
  from: parseAsTimestamp,
  to: parseAsTimestamp,
  compare: parseAsBoolean.withDefault(false),
};

export type DateRangeState = {
  range: DateRange;
  /** Compare with the span of the same length just before. */
  isCompared: boolean;
  /** `null` until the page has hydrated, since "now" belongs to the browser. */
  resolved: ResolvedRange | null;
  setPreset: (preset: RangePreset) => void;
  setFixed: (fromMs: number, toMs: number) => void;
  setCompared: (isCompared: boolean) => void;
};

/** The page's time range, kept in the URL. */
export function useDateRange(defaultPreset: RangePreset = "24h"): DateRangeState {
  const [state, setState] = useQueryStates(dateRangeParsers, { history: "push" });
  const nowMs = useNow();
  const range: DateRange =
    state.from && state.to && state.to > state.from
      ? { kind: "fixed", fromMs: state.from.getTime(), toMs: state.to.getTime() }
      : { kind: "preset", preset: state.range ?? defaultPreset };
  return {
    range,
    isCompared: state.compare,
    resolved: nowMs === null ? null : resolveRange(range, nowMs),
    setPreset: (preset) => void setState({ range: preset === defaultPreset ? null : preset, from: null, to: null }),
    setFixed: (fromMs, toMs) => void setState({ range: null, from: new Date(fromMs), to: new Date(toMs) }),
    setCompared: (isCompared) => void setState({ compare: isCompared ? true : null }, { history: "replace" }),
  };
}
