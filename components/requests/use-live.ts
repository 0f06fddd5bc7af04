"use client";
import { parseAsBoolean, useQueryState } from "nuqs";
import type { LiveState } from "#components/ui/live-mark.tsx";

const staleAfterMs = 15_000;

/** Whether numbers move by themselves: in the URL as `live=false`, so that a shared link stands still, too. */
export function useLive(isPossible: boolean): { everyMs: number | false; isLive: boolean; toggle: () => void } {
  const [isWanted, setWanted] = useQueryState("live", parseAsBoolean.withDefault(true));
  const isLive = isPossible && isWanted;
  return { everyMs: isLive ? 5_000 : false, isLive, toggle: () => void setWanted(isWanted ? false : null) };
}

/** What the mark says: stale once the answers stopped coming. */
export function liveState(
  isLive: boolean,
  query: { dataUpdatedAt: number; isError: boolean },
  nowMs: number,
): LiveState {
  if (!isLive) return { kind: "paused" };
  const isLate = query.dataUpdatedAt > 0 && nowMs - query.dataUpdatedAt > staleAfterMs;
  return query.isError || isLate ? { kind: "stale", sinceMs: query.dataUpdatedAt || nowMs } : { kind: "live" };
}
