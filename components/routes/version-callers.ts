import type { RouteTrafficGroup } from "#lib/query/route-traffic.ts";

/** A consumer and how often it called a version. */
export interface Caller {
  id: string;
  name: string;
  calls: number;
}

/** Who called a version, most calls first; calls of nobody known are left out. */
export function callersOf(groups: readonly RouteTrafficGroup[], version: string): Caller[] {
  return groups
    .flatMap(({ group, requests }) =>
      group.routeVersion === version && group.consumer
        ? [{ id: group.consumer.id, name: group.consumer.name ?? group.consumer.id, calls: requests }]
        : [],
    )
    .toSorted((a, b) => b.calls - a.calls);
}

const namedMax = 3;

/** "3 consumers called it in the last 24 hours: a, b and c." */
export function callersWords(callers: readonly Caller[]): string {
  if (callers.length === 0) return "Nobody called it in the last 24 hours.";
  const names = callers.slice(0, namedMax).map((caller) => caller.name);
  const rest = callers.length - names.length;
  const who = callers.length === 1 ? "1 consumer" : `${callers.length} consumers`;
  return `${who} called it in the last 24 hours: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
