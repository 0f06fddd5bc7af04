import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binOf, emptyBins, LATENCY_BIN_COUNT, LATENCY_BIN_EDGES_MS, mergeBins, percentile } from "./latency-bins.ts";

const durations = fc.array(fc.double({ min: 0, max: 64_000, noNaN: true }), { minLength: 1, maxLength: 300 });

function binsOf(values: number[]): number[] {
  const bins = emptyBins();
  for (const value of values) bins[binOf(value)] = (bins[binOf(value)] ?? 0) + 1;
  return bins;
}

/** The nearest-rank percentile of the raw values. */
function exact(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

describe("latency bins", () => {
  it("has rising edges from 10 ms to beyond a minute, each about half more than the last", () => {
    expect(LATENCY_BIN_COUNT).toBeLessThanOrEqual(24);
    expect(LATENCY_BIN_EDGES_MS[0]).toBe(10);
    expect(LATENCY_BIN_EDGES_MS.at(-1)).toBeGreaterThan(60_000);
    for (const [index, edge] of LATENCY_BIN_EDGES_MS.slice(1).entries()) {
      const ratio = edge / (LATENCY_BIN_EDGES_MS[index] ?? Number.NaN);
      expect(ratio).toBeGreaterThan(1.4);
      expect(ratio).toBeLessThan(1.55);
    }
  });

  it("puts a value on an edge into the bin above it", () => {
    expect(binOf(0)).toBe(0);
    expect(binOf(9.99)).toBe(0);
    expect(binOf(10)).toBe(1);
    expect(binOf(65_000)).toBe(LATENCY_BIN_COUNT - 1);
    expect(binOf(1e9)).toBe(LATENCY_BIN_COUNT - 1);
  });

  it("finds every percentile inside the bin of the exact one", () => {
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1), (values, share) => {
        const bin = binOf(exact(values, share));
        const found = percentile(binsOf(values), share) ?? Number.NaN;
        const lower = bin === 0 ? 0 : (LATENCY_BIN_EDGES_MS[bin - 1] ?? 0);
        expect(found).toBeGreaterThanOrEqual(lower);
        expect(found).toBeLessThanOrEqual(LATENCY_BIN_EDGES_MS[bin] ?? Number.NaN);
      }),
    );
  });

  it("never falls as the share rises", () => {
    fc.assert(
      fc.property(durations, (values) => {
        const bins = binsOf(values);
        const curve = [0.1, 0.5, 0.9, 0.95, 0.99, 1].map((share) => percentile(bins, share) ?? Number.NaN);
        expect(curve).toEqual(curve.toSorted((a, b) => a - b));
      }),
    );
  });

  it("merges to the histogram of all values, in any order", () => {
    fc.assert(
      fc.property(durations, durations, (left, right) => {
        expect(mergeBins(binsOf(left), binsOf(right))).toEqual(binsOf([...left, ...right]));
        expect(mergeBins(binsOf(right), binsOf(left))).toEqual(mergeBins(binsOf(left), binsOf(right)));
      }),
    );
  });

  it("knows nothing of no calls, and says at least 65 s of endless ones", () => {
    expect(percentile(emptyBins(), 0.5)).toBeNull();
    expect(percentile(binsOf([1e9]), 0.5)).toBe(65_000);
  });
});
