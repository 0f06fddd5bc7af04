import { createLoader, parseAsStringLiteral, parseAsTimestamp, type SearchParams } from "nuqs/server";
import { type RangePreset, type ResolvedRange, rangePresets, resolveRange } from "#components/date-range/date-range.ts";

const loadRange = createLoader({
  range: parseAsStringLiteral(rangePresets),
  from: parseAsTimestamp,
  to: parseAsTimestamp,
});

/**
 * The range that the browser will ask for, for the first paint: the same question where both clocks agree on the
 * running interval, and else the browser asks by itself.
 */
export async function askedRange(
  searchParams: Promise<SearchParams>,
  defaultPreset: RangePreset,
  nowMs: number,
): Promise<ResolvedRange> {
  const { range, from, to } = await loadRange(searchParams);
  const isFixed = from !== null && to !== null && to > from;
  return isFixed
    ? resolveRange({ kind: "fixed", fromMs: from.getTime(), toMs: to.getTime() }, nowMs)
    : resolveRange({ kind: "preset", preset: range ?? defaultPreset }, nowMs);
}
