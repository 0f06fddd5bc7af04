import type { Job } from "./job.ts";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 7;

/** Makes the partitions of usage events for yesterday and a week ahead, so that no event goes to the default one. */
export const usageDays: Job = {
  name: "usage-days",
  everyMs: 3_600_000,
  async run({ tx, now }) {
    const today = now().getTime();
    const day = (offset: number) => new Date(today + offset * DAY_MS).toISOString().slice(0, 10);
    await tx.$queryRaw`SELECT turnpike_create_usage_days(${day(-1)}::date, ${day(DAYS_AHEAD)}::date)`;
    return "done";
  },
};
