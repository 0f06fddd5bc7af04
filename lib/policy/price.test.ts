import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceDocument } from "#lib/contract/policy-document.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { priceCall } from "./price.ts";

const flat = (dollars: string) => [{ fromTokens: 0, dollars }];
const mini: PriceDocument = {
  provider: "openai",
  model: "gpt-4o-mini",
  input: flat("0.15"),
  cachedInput: flat("0.075"),
  cacheWrite: null,
  output: flat("0.6"),
  perThousandRequests: null,
  isOverride: false,
};
const used = (inputTokens: number, outputTokens: number, cachedInputTokens = 0): TokenUsage => ({
  inputTokens,
  cachedInputTokens,
  cacheWriteTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  source: "upstream",
});

describe("priceCall", () => {
  it("charges input, cached input and output each at its own price and shows the sum", () => {
    expect(priceCall(mini, used(12, 40))).toEqual({
      costNanos: 25_800n,
      line: "12 in x $0.15/M + 40 out x $0.6/M = $0.0000258",
    });
    expect(priceCall(mini, used(1_000, 0, 400))?.costNanos).toBe(120_000n);
    expect(priceCall({ ...mini, cachedInput: null }, used(1_000, 0, 400))?.costNanos).toBe(150_000n);
  });

  it("rounds up once, not once for each part", () => {
    const tiny = { ...mini, input: flat("0.0001"), output: flat("0.0001") };
    expect(priceCall(tiny, used(1, 1))?.costNanos).toBe(1n);
    expect(priceCall(tiny, used(10_000, 0))?.costNanos).toBe(1_000n);
  });

  it("applies a tier to the whole call from its first token on", () => {
    const tiered = { ...mini, input: [...flat("1.25"), { fromTokens: 200_000, dollars: "2.5" }] };
    expect(priceCall(tiered, used(199_999, 0))?.costNanos).toBe(249_998_750n);
    expect(priceCall(tiered, used(200_000, 0))?.costNanos).toBe(500_000_000n);
  });

  it("knows no price for what the document leaves out, and none is needed for what was not used", () => {
    expect(priceCall({ ...mini, output: null }, used(1, 1))).toBeNull();
    expect(priceCall({ ...mini, output: null }, used(1, 0))?.costNanos).toBe(150n);
    expect(priceCall({ ...mini, input: null, output: null, perThousandRequests: "5" }, used(0, 0))?.costNanos).toBe(
      5_000_000n,
    );
  });

  it("never charges less than the exact price nor a whole nano-dollar more", () => {
    const token = fc.integer({ min: 0, max: 2_000_000 });
    const microDollars = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(token, token, microDollars, microDollars, (inTokens, outTokens, inPrice, outPrice) => {
        const price = { ...mini, input: flat((inPrice / 1e6).toFixed(6)), output: flat((outPrice / 1e6).toFixed(6)) };
        const exactMillionths =
          BigInt(inTokens) * BigInt(inPrice) * 1_000n + BigInt(outTokens) * BigInt(outPrice) * 1_000n;
        const charged = (priceCall(price, used(inTokens, outTokens))?.costNanos ?? -1n) * 1_000_000n;
        expect(charged - exactMillionths >= 0n && charged - exactMillionths < 1_000_000n).toBe(true);
      }),
    );
  });
});
