const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const steps = [
  { untilMs: hourMs, unitMs: minuteMs, sign: "m" },
  { untilMs: dayMs, unitMs: hourMs, sign: "h" },
  { untilMs: 30 * dayMs, unitMs: dayMs, sign: "d" },
] as const;

/** How long ago, or how far ahead: `just now`, `4 m ago`, `in 3 h`; past 30 days the date in the viewer's zone. */
export function formatRelativeTime(atMs: number, nowMs: number, timeZone?: string): string {
  const deltaMs = atMs - nowMs;
  const size = Math.abs(deltaMs);
  if (size < 45_000) return deltaMs > 15_000 ? "in a moment" : "just now";
  const step = steps.find((candidate) => size < candidate.untilMs);
  if (!step) return formatDay(atMs, timeZone);
  const count = Math.max(1, Math.floor(size / step.unitMs));
  return deltaMs > 0 ? `in ${count} ${step.sign}` : `${count} ${step.sign} ago`;
}

/** `24 Nov 2026` in the zone given, or in the viewer's. */
export function formatDay(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", ...(timeZone ? { timeZone } : {}) }).format(atMs);
}

/** `24 Nov 2026, 12:04:09` in the zone given, or in the viewer's. */
export function formatTimestamp(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone ? { timeZone } : {}),
  }).format(atMs);
}

/** `12:04` in the zone given, or in the viewer's. */
export function formatClock(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "short", ...(timeZone ? { timeZone } : {}) }).format(atMs);
}

/** `2026-11-24 12:04:09 UTC`: the same on the server and in every browser. */
export function formatUtc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
