/** A whole request id: `req_` and a UUIDv7 without dashes. */
const WHOLE_ID = /^req_([0-9a-f]{12})[0-9a-f]{20}$/i;

/** When the call with this id began, which a UUIDv7 carries in its first 48 bits; undefined for any other text. */
export function startOfRequest(id: string): Date | undefined {
  const hex = WHOLE_ID.exec(id)?.[1];
  if (hex === undefined) return undefined;
  const at = new Date(Number.parseInt(hex, 16));
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 ? undefined : at;
}

const DAY_MS = 86_400_000;

/** The days in whose partitions a call with this id must lie, unless its node's clock was far off. */
export function daysAround(at: Date): { firstDay: string; lastDay: string } {
  const day = (offsetMs: number) => new Date(at.getTime() + offsetMs).toISOString().slice(0, 10);
  return { firstDay: day(-DAY_MS), lastDay: day(DAY_MS) };
}
