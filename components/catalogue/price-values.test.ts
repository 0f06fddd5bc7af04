import { describe, expect, it } from "vitest";
import { hasTiers, PriceBoxes, priceBody, priceBoxes } from "#components/catalogue/price-values.ts";
import { modalityLine, priceLine } from "#components/catalogue/price-words.ts";

const price = {
  provider: "openai",
  model: "m",
  input: [{ fromTokens: 0, dollars: "0.15" }],
  cachedInput: null,
  cacheWrite: null,
  output: [{ fromTokens: 0, dollars: "0.6" }],
  perThousandRequests: null,
  isOverride: false,
};

describe("a price in boxes", () => {
  it("comes back as it was", () => {
    const { provider: _p, model: _m, isOverride: _o, ...body } = price;
    expect(priceBody(priceBoxes(price))).toEqual(body);
    expect(Object.values(priceBody(priceBoxes(null)))).toEqual([null, null, null, null, null]);
  });

  it("takes amounts alone", () => {
    expect(PriceBoxes.safeParse({ ...priceBoxes(price), input: "1e3" }).success).toBe(false);
    expect(PriceBoxes.parse({ ...priceBoxes(price), input: " 0.2 " }).input).toBe("0.2");
  });

  it("knows tiers, which it has no boxes for", () => {
    const tiers = [...price.input, { fromTokens: 200_000, dollars: "0.3" }];
    expect(hasTiers({ ...price, input: tiers })).toBe(true);
    expect(hasTiers(price)).toBe(false);
    expect(priceLine({ ...price, input: tiers })).toBe("$0.15+ in · $0.60 out");
  });

  it("is said in a line", () => {
    expect(priceLine(price)).toBe("$0.15 in · $0.60 out");
    expect(priceLine(null)).toBe("No price");
    expect(modalityLine({ input: ["text", "image"], output: ["text"] })).toBe("text, image → text");
    expect(modalityLine(null)).toBe("Not known");
  });
});
