import type { Persona, Rhythm } from "./cast.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Shares of a day's calls by UTC hour; each row adds up to about one. */
const HOURS: Record<Rhythm, readonly number[]> = {
  office: [0, 0, 0, 0, 1, 3, 14, 40, 78, 92, 96, 80, 62, 84, 96, 92, 74, 48, 22, 10, 6, 4, 2, 1],
  customers: [14, 10, 8, 7, 8, 14, 26, 42, 58, 66, 70, 72, 74, 70, 68, 68, 72, 78, 82, 80, 68, 50, 34, 22],
  steady: [40, 40, 40, 40, 40, 41, 42, 43, 44, 44, 44, 44, 44, 44, 44, 43, 42, 41, 41, 40, 40, 40, 40, 40],
  nightly: [60, 160, 210, 190, 130, 70, 30, 10, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 8, 14, 30],
};
/** From Sunday to Saturday. */
const WEEK: Record<Rhythm, readonly number[]> = {
  office: [0.08, 0.98, 1.06, 1.08, 1.04, 0.86, 0.1],
  customers: [0.84, 1, 1.02, 1.02, 1.04, 1.08, 0.96],
  steady: [0.96, 1, 1, 1, 1, 1, 0.96],
  nightly: [0.7, 1, 1, 1, 1, 1, 0.7],
};
/** What a workload of today was three months ago. */
const SHARE_AT_START = 0.52;

/** How many calls a consumer is expected to make in the hour that begins at `hourMs`. */
export function expectedCalls(persona: Persona, hourMs: number, nowMs: number): number {
  const daysAgo = (nowMs - hourMs) / DAY_MS;
  if (daysAgo > persona.since) return 0;
  const at = new Date(hourMs);
  const hours = HOURS[persona.rhythm];
  const total = hours.reduce((sum, weight) => sum + weight, 0);
  const growth = SHARE_AT_START + (1 - SHARE_AT_START) * Math.max(0, 1 - daysAgo / 90);
  const ramp = Math.min(1, (persona.since - daysAgo) / 6 + 0.15);
  const share = (hours[at.getUTCHours()] ?? 0) / total;
  return persona.callsPerDay * share * (WEEK[persona.rhythm][at.getUTCDay()] ?? 1) * growth * ramp;
}

/** A time when one upstream failed or was slow. */
interface Incident {
  upstream: string;
  fromHoursAgo: number;
  toHoursAgo: number;
  kind: "failing" | "slow";
}

const INCIDENTS: readonly Incident[] = [
  { upstream: "openai-us", fromHoursAgo: 31.5, toHoursAgo: 30.7, kind: "failing" },
  { upstream: "openai-eu", fromHoursAgo: 8.2, toHoursAgo: 7.4, kind: "slow" },
  { upstream: "openai-us", fromHoursAgo: 24 * 23.4, toHoursAgo: 24 * 23.4 - 3, kind: "failing" },
  { upstream: "openai-eu", fromHoursAgo: 24 * 51.2, toHoursAgo: 24 * 51.2 - 5, kind: "slow" },
];

/** The incident of an upstream at a time, if there was one. */
export function incidentAt(upstream: string, atMs: number, nowMs: number): Incident["kind"] | null {
  const hoursAgo = (nowMs - atMs) / HOUR_MS;
  const found = INCIDENTS.find(
    (incident) => incident.upstream === upstream && hoursAgo <= incident.fromHoursAgo && hoursAgo > incident.toHoursAgo,
  );
  return found?.kind ?? null;
}
