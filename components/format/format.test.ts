import { describe, expect, it } from "vitest";
import { exactDuration, formatDuration } from "./duration.ts";
import { exactMoney, formatMoney } from "./money.ts";
import { exactNumber, formatBytes, formatNumber, formatPercent, formatTokens } from "./number.ts";
import { formatClock, formatRelativeTime, formatTimestamp, formatUtc } from "./time.ts";

describe("money", () => {
  it.each([
    ["0", "$0"],
    ["-0.00", "$0"],
    ["0.004213", "$0.0042"],
    ["0.0000005", "$0.0000005"],
    ["3.4099", "$3.41"],
    ["-3.41", "-$3.41"],
    ["999.994", "$999.99"],
    ["999.996", "$1,000"],
    ["1204.4", "$1,204"],
    ["12400", "$12.4 k"],
    ["999949", "$999.9 k"],
    ["999960", "$1 M"],
    ["3200000", "$3.2 M"],
  ])("writes %s as %s", (amount, words) => expect(formatMoney(amount)).toBe(words));

  it("keeps digits that a float would lose", () => {
    expect(exactMoney("9007199254740993.000000001")).toBe("$9,007,199,254,740,993.000000001");
    expect(exactMoney("1204.5")).toBe("$1,204.50");
    expect(exactMoney("25.00")).toBe("$25.00");
  });

  it("refuses what is not a decimal", () => {
    expect(() => formatMoney("1e3")).toThrow(RangeError);
    expect(() => exactMoney("")).toThrow(RangeError);
  });
});

describe("numbers", () => {
  it.each([
    [0, "0"],
    [9812, "9,812"],
    [9999, "9,999"],
    [12_400, "12.4 k"],
    [999_499, "999 k"],
    [999_600, "1 M"],
    [1_240_331, "1.24 M"],
    [-1_240_331, "-1.24 M"],
    [7_000_000_000, "7 G"],
  ])("writes %d as %s", (value, words) => expect(formatNumber(value)).toBe(words));

  it("says tokens, bytes and exact figures", () => {
    expect(formatTokens(1_240_331)).toBe("1.24 M tok");
    expect(exactNumber(1_240_331)).toBe("1,240,331");
    expect(formatBytes(812)).toBe("812 B");
    expect(formatBytes(33_554_432)).toBe("32 MiB");
  });

  it.each([
    [0, "0 %"],
    [0.0004, "<0.1 %"],
    [0.042, "4.2 %"],
    [0.97, "97 %"],
    [0.9999, "99.9 %"],
    [1, "100 %"],
    [12.4, "1,240 %"],
  ])("writes the share %d as %s", (share, words) => expect(formatPercent(share)).toBe(words));
});

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [0.42, "0.42 ms"],
    [340.2, "340 ms"],
    [999.7, "1 s"],
    [1240, "1.24 s"],
    [59_999, "1 m"],
    [125_000, "2 m 05 s"],
    [11_520_000, "3 h 12 m"],
    [367_200_000, "4 d 6 h"],
    [-1500, "−1.5 s"],
  ])("writes %d ms as %s", (durationMs, words) => expect(formatDuration(durationMs)).toBe(words));

  it("is exact on hover", () => expect(exactDuration(1240.3312)).toBe("1,240.331 ms"));
});

describe("times", () => {
  const nowMs = Date.UTC(2026, 10, 24, 12, 4, 9);
  it.each([
    [-10_000, "just now"],
    [-4 * 60_000, "4 m ago"],
    [3 * 3_600_000, "in 3 h"],
    [-29 * 86_400_000, "29 d ago"],
    [-40 * 86_400_000, "15 Oct 2026"],
  ])("%d ms from now is %s", (deltaMs, words) => expect(formatRelativeTime(nowMs + deltaMs, nowMs, "UTC")).toBe(words));

  it("shows the viewer's zone and UTC", () => {
    expect(formatTimestamp(nowMs, "Asia/Tokyo")).toBe("24 Nov 2026, 21:04:09");
    expect(formatClock(nowMs, "Asia/Tokyo")).toBe("21:04");
    expect(formatUtc(nowMs)).toBe("2026-11-24 12:04:09 UTC");
  });
});
