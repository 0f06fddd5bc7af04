const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const stepsMs = [
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  10 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  7 * dayMs,
  14 * dayMs,
  28 * dayMs,
];

/**
 * The points that get a label: those on a round moment of the viewer's clock, at most `countMax` of them.
 * `offsetMs` is what the viewer's clock is ahead of UTC.
 */
export function timeTicks(pointsMs: readonly number[], countMax: number, offsetMs: number): number[] {
  const [first] = pointsMs;
  const last = pointsMs.at(-1);
  if (first === undefined || last === undefined || countMax < 1) return [];
  const stepMs = stepsMs.find((candidate) => (last - first) / candidate < countMax) ?? 28 * dayMs;
  return pointsMs.filter((atMs) => (atMs + offsetMs) % stepMs === 0);
}

/** A label as short as the span allows: clock within two days, else the date. */
export function tickLabel(atMs: number, spanMs: number, timeZone?: string): string {
  const zone = timeZone ? { timeZone } : {};
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone }).format(atMs);
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...zone }).format(atMs);
  if (spanMs <= 2 * dayMs) return clock === "00:00" ? day : clock;
  return day;
}

/** The moment as a chart's tooltip and table say it. */
export function pointLabel(atMs: number, stepMs: number, timeZone?: string): string {
  const zone = timeZone ? { timeZone } : {};
  const withClock = stepMs < dayMs ? ({ hour: "2-digit", minute: "2-digit" } as const) : {};
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", ...withClock, ...zone }).format(atMs);
}

/** The width of one interval; a lone point counts as a minute. */
export function stepOf(pointsMs: readonly number[]): number {
  const [first, second] = pointsMs;
  return first === undefined || second === undefined ? minuteMs : second - first;
}
