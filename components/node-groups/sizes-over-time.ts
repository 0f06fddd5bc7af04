import type { ChartPoint } from "#components/charts/chart-series.ts";
import type { ScalingDecisionView } from "#lib/domain/node-group/schemas.ts";

const pointsMax = 120;
const stepMsMin = 5_000;

/** The sizes of a group from its first change in sight until now, evenly spaced: a size holds until the next change. */
export function sizesOverTime(decisions: readonly ScalingDecisionView[], nowMs: number): ChartPoint[] {
  const changes = decisions
    .filter(({ kind, state }) => kind !== "held" && state === "done")
    .map((change) => ({ atMs: Date.parse(change.doneAt ?? change.at), from: change.fromNodes, to: change.toNodes }))
    .toSorted((a, b) => a.atMs - b.atMs);
  const [first] = changes;
  if (first === undefined) return [];
  const stepMs = Math.max(stepMsMin, Math.ceil((nowMs - first.atMs) / (pointsMax - 2)));
  const points: ChartPoint[] = [{ atMs: first.atMs - stepMs, values: { nodes: first.from } }];
  for (let atMs = first.atMs; atMs <= nowMs; atMs += stepMs) {
    const last = changes.findLast((change) => change.atMs <= atMs) ?? first;
    points.push({ atMs, values: { nodes: last.to } });
  }
  return points;
}
