"use client";
import { formatTimestamp, formatUtc } from "#components/format/time.ts";
import { useNow } from "#components/ui/use-now.ts";

const dayMs = 86_400_000;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** When a call began, to the second: the clock alone for the last day. The whole of it, and UTC, on hover. */
export function CallTime({ at }: { at: string }) {
  const nowMs = useNow();
  const atMs = Date.parse(at);
  if (nowMs === null) {
    return (
      <time dateTime={at} className="num whitespace-nowrap">
        {formatUtc(atMs).slice(11)}
      </time>
    );
  }
  return (
    <time dateTime={at} title={`${formatTimestamp(atMs)}\n${formatUtc(atMs)}`} className="num whitespace-nowrap">
      {(nowMs - atMs < dayMs / 2 ? clock : dayAndClock).format(atMs)}
    </time>
  );
}
