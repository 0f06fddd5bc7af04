import { describe, expect, it } from "vitest";
import type { ScalingDecisionView } from "#lib/domain/node-group/schemas.ts";
import { sizesOverTime } from "./sizes-over-time.ts";

const START = Date.parse("2026-11-24T12:00:00.000Z");

function change(seconds: number, fromNodes: number, toNodes: number, more: object = {}): ScalingDecisionView {
  const at = new Date(START + seconds * 1_000).toISOString();
  const figures = { nodes: fromNodes, reporting: fromNodes, missing: 0, metrics: [], needed: toNodes };
  const of = { kind: "up", reason: "load_high", sentence: "", state: "done", attempts: 1, error: null } as const;
  return { id: `scd_${seconds}`, at, fromNodes, toNodes, figures, ...of, doneAt: at, ...more };
}

describe("sizesOverTime", () => {
  it("holds a size until the next change, with a point before the first", () => {
    const points = sizesOverTime([change(20, 3, 1), change(0, 1, 3)], START + 30_000);
    expect(points.map(({ atMs, values }) => [(atMs - START) / 1_000, values["nodes"]])).toEqual([
      [-5, 1],
      [0, 3],
      [5, 3],
      [10, 3],
      [15, 3],
      [20, 1],
      [25, 1],
      [30, 1],
    ]);
  });

  it("counts only what was carried out, and never draws too much", () => {
    expect(sizesOverTime([change(0, 1, 2, { state: "failed" }), change(0, 2, 2, { kind: "held" })], START)).toEqual([]);
    expect(sizesOverTime([change(0, 1, 2)], START + 30 * 86_400_000).length).toBeLessThanOrEqual(120);
  });
});
