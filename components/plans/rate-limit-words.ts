const units = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

/** A unit that windows are written in. */
export type WindowUnit = (typeof units)[number]["unit"];

const exact = new Intl.NumberFormat("en-US");

/** A window as a whole number of the largest unit that fits: 120 → 2 minutes. */
export function splitWindow(windowSeconds: number): { count: number; unit: WindowUnit } {
  const found = units.find(({ seconds }) => windowSeconds % seconds === 0);
  return found ? { count: windowSeconds / found.seconds, unit: found.unit } : { count: windowSeconds, unit: "second" };
}

/** The other way round: 2 minutes → 120. */
export function windowSecondsOf(count: number, unit: WindowUnit): number {
  return count * (units.find((candidate) => candidate.unit === unit)?.seconds ?? 1);
}

/** "a minute", "every 5 minutes". */
export function windowWords(windowSeconds: number): string {
  const { count, unit } = splitWindow(windowSeconds);
  if (count !== 1) return `every ${exact.format(count)} ${unit}s`;
  return unit === "hour" ? "an hour" : `a ${unit}`;
}

/** A rate limit as a person would say it: "60 requests a minute". */
export function rateLimitWords({ limit, windowSeconds }: { limit: number; windowSeconds: number }): string {
  return `${exact.format(limit)} ${limit === 1 ? "request" : "requests"} ${windowWords(windowSeconds)}`;
}
