import { describe, expect, it } from "vitest";
import { sharesOf } from "./target-shares.ts";

const of = (...weights: number[]) => weights.map((weight) => ({ weight, priority: 0 }));

describe("sharesOf", () => {
  it("follows the weights", () => expect(sharesOf("weighted", of(3, 1, 0))).toEqual([0.75, 0.25, 0]));
  it("is even in turns, without those out of service", () =>
    expect(sharesOf("round_robin", of(9, 1, 0))).toEqual([0.5, 0.5, 0]));
  it("is that of the first tier in service by priority", () => {
    const targets = [
      { weight: 0, priority: 0 },
      { weight: 3, priority: 1 },
      { weight: 1, priority: 1 },
      { weight: 9, priority: 2 },
    ];
    expect(sharesOf("priority", targets)).toEqual([0, 0.75, 0.25, 0]);
  });
  it("is nothing where nothing is in service", () => expect(sharesOf("weighted", of(0, 0))).toEqual([0, 0]));
});
