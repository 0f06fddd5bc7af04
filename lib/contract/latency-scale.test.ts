import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DURATION_BINS, durationBin, durationBinEndMs } from "./latency-scale.ts";

describe("the scale of durations", () => {
  it("puts every duration into the bin whose ends lie around it", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (durationMs) => {
        const bin = durationBin(durationMs);
        expect(Number.isInteger(bin) && bin >= 0 && bin < DURATION_BINS).toBe(true);
        const startMs = bin === 0 ? 0 : durationBinEndMs(bin - 1);
        // An edge itself may fall to either side by the last digit of a logarithm.
        expect(durationMs).toBeGreaterThanOrEqual(startMs * (1 - 1e-12));
        expect(durationMs).toBeLessThan(durationBinEndMs(bin) * (1 + 1e-12));
      }),
    );
  });

  it("is off by less than a tenth, from a millisecond to 14 minutes", () => {
    for (let bin = 1; bin < DURATION_BINS - 1; bin++)
      expect(durationBinEndMs(bin) / durationBinEndMs(bin - 1)).toBeLessThan(1.1);
    expect(durationBinEndMs(DURATION_BINS - 2)).toBeGreaterThan(14 * 60_000);
  });
});
