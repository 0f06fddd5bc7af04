"use client";
import { formatRelativeTime, formatTimestamp, formatUtc } from "#components/format/time.ts";
import { useNow } from "#components/ui/use-now.ts";

/** When something happened: relative, in the viewer's zone and in UTC on hover. `at` is an ISO string or null ("never"). */
export function RelativeTime({ at, never = "never" }: { at: string | null; never?: string }) {
  const nowMs = useNow();
  if (at === null) return <span className="text-faint">{never}</span>;
  const atMs = Date.parse(at);
  const utc = formatUtc(atMs);
  return (
    <time
      dateTime={at}
      className="num whitespace-nowrap"
      title={nowMs === null ? utc : `${formatTimestamp(atMs)}\n${utc}`}
    >
      {nowMs === null ? utc : formatRelativeTime(atMs, nowMs)}
    </time>
  );
}

/** The full moment in the viewer's zone, UTC on hover; UTC until the browser has told its zone. */
export function Timestamp({ at }: { at: string }) {
  const nowMs = useNow();
  const atMs = Date.parse(at);
  const utc = formatUtc(atMs);
  return (
    <time dateTime={at} className="num whitespace-nowrap" title={utc}>
      {nowMs === null ? utc : formatTimestamp(atMs)}
    </time>
  );
}
