import type { Log } from "#gateway/log.ts";
import { SharedStore } from "./shared-store.ts";

/**
 * Opens the store that nodes share, where there is one, and has the log say once each time it goes away and comes back.
 * `nodes` says among how many nodes limits are shared out meanwhile; `onChange` is told after each change.
 */
export function openSharedStore(
  { url, deadlineMs, log }: { url: string | undefined; deadlineMs: number | undefined; log: Log },
  nodes: () => number | null,
  onChange: () => void,
): SharedStore | null {
  if (url === undefined) return null;
  return new SharedStore({
    url,
    deadlineMs,
    onAway: (reason) => {
      const sharedAmong = nodes() ?? "unknown: the whole of each limit is used";
      log.warn({ reason, sharedAmong }, "the shared store is away: rate limits are counted by share");
      onChange();
    },
    onBack: () => {
      log.info({}, "the shared store is back: rate limits are counted together");
      onChange();
    },
  });
}
