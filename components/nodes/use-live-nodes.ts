"use client";
import { useCallback, useState, useSyncExternalStore } from "react";
import { rolloutOf } from "#components/revisions/rollout-state.ts";
import type { LiveState } from "#components/ui/live-mark.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { useNodes } from "#lib/query/nodes.ts";

const steadyMs = 2_000;
const rolloutMs = 1_000;
const idleMs = 5_000;

/**
 * The nodes, moving: asked every 2 s, or (`rollout`) every second while a publish is under way and every 5 s else. Paused
 * while the tab is hidden or the viewer says so; stale when the last poll failed.
 */
export function useLiveNodes({ pace }: { pace: "steady" | "rollout" }) {
  const [isHeld, setHeld] = useState(false);
  const [isUnderWay, setUnderWay] = useState(false);
  const isVisible = useIsVisible();
  const mayRead = useMay("node.read");
  const everyMs = pace === "steady" ? steadyMs : isUnderWay ? rolloutMs : idleMs;
  const query = useNodes({ everyMs: isHeld ? false : everyMs, isAllowed: mayRead });
  const nowUnderWay = query.data ? rolloutOf(query.data).isUnderWay : false;
  if (nowUnderWay !== isUnderWay) setUnderWay(nowUnderWay);
  const toggle = useCallback(() => setHeld((held) => !held), []);
  const live: LiveState = query.isError
    ? { kind: "stale", sinceMs: query.dataUpdatedAt || query.errorUpdatedAt }
    : isHeld || !isVisible
      ? { kind: "paused" }
      : { kind: "live" };
  return { query, live, toggle };
}

function useIsVisible(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.visibilityState === "visible",
    () => true,
  );
}
