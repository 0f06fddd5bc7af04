"use client";
import { formatClock, formatTimestamp, formatUtc } from "#components/format/time.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";

const dayMs = 86_400_000;

/** When a node last reported; for one that fell silent, since when its figures are stale. */
export function LastSeen({ node }: { node: NodeView }) {
  const nowMs = useNow();
  const { lastSeenAt } = node;
  if (node.state !== "offline" || node.stoppedAt !== null || lastSeenAt === null)
    return <RelativeTime at={lastSeenAt} />;
  const atMs = Date.parse(lastSeenAt);
  if (nowMs !== null && nowMs - atMs > dayMs) {
    return (
      <span className="text-danger">
        stale, <RelativeTime at={lastSeenAt} />
      </span>
    );
  }
  return (
    <time
      dateTime={lastSeenAt}
      title={nowMs === null ? formatUtc(atMs) : formatTimestamp(atMs)}
      className="num text-danger"
    >
      stale since {nowMs === null ? formatClock(atMs, "UTC") : formatClock(atMs)}
    </time>
  );
}
