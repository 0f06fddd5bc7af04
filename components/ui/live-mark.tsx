"use client";
import { formatClock } from "#components/format/time.ts";
import { classNames } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/use-now.ts";

export type LiveState = { kind: "live" } | { kind: "paused" } | { kind: "stale"; sinceMs: number };

/** Says whether the numbers move: "live", "paused" or "stale since 12:04". A button when `onToggle` is given. */
export function LiveMark({ state, onToggle }: { state: LiveState; onToggle?: () => void }) {
  const isHydrated = useNow() !== null;
  const since = state.kind === "stale" && isHydrated ? ` since ${formatClock(state.sinceMs)}` : "";
  const mark = (
    <>
      <span
        aria-hidden
        className={classNames(
          "size-2 rounded-full",
          state.kind === "live" && "animate-live bg-success-mark text-success-mark",
          state.kind === "paused" && "border-2 border-faint",
          state.kind === "stale" && "rotate-45 rounded-none bg-warning-mark",
        )}
      />
      <span role="status">
        {state.kind}
        {since}
      </span>
    </>
  );
  const looks = "inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-muted text-xs";
  if (!onToggle) return <span className={looks}>{mark}</span>;
  return (
    <button
      type="button"
      onClick={onToggle}
      title={state.kind === "paused" ? "Resume live updates" : "Pause live updates"}
      className={classNames(looks, "border border-line-strong bg-surface hover:bg-hover")}
    >
      {mark}
    </button>
  );
}
