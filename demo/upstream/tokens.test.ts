import { describe, expect, it } from "vitest";
import { contentTokens, IMAGE_TOKENS, jsonTokens, textTokens, truncateToTokens } from "./tokens.ts";

describe("tokens", () => {
  it("counts four UTF-8 bytes a token, rounded up", () => {
    expect([textTokens(""), textTokens("abcd"), textTokens("abcde"), textTokens("ééé")]).toEqual([0, 1, 2, 2]);
  });

  it("never counts more than the bytes of the JSON", () => {
    const values = ["", "a", [1e20, 1e20, true, null], { a: "", b: [[[]]], long: "word ".repeat(50) }, [["x"], ["y"]]];
    for (const value of values) expect(jsonTokens(value)).toBeLessThanOrEqual(JSON.stringify(value).length);
  });

  it("counts an image as a flat amount", () => {
    const url = `data:image/png;base64,${"A".repeat(10_000)}`;
    expect(
      contentTokens([
        { type: "text", text: "abcd" },
        { type: "image_url", image_url: { url } },
      ]),
    ).toBe(1 + IMAGE_TOKENS);
  });

  it("survives deep nesting", () => {
    expect(jsonTokens(JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`))).toBe(0);
  });

  it("cuts at a character boundary, never above the limit", () => {
    expect(truncateToTokens("abcdefghij", 2)).toBe("abcdefgh");
    expect(truncateToTokens("aé€😀b", 1)).toBe("aé");
    expect(truncateToTokens("😀😀", 1)).toBe("😀");
    expect(truncateToTokens("short", 9)).toBe("short");
  });
});
