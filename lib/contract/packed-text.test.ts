import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packText, unpackText } from "./packed-text.ts";

const BYTES_MAX = 1_000_000;
const documents = fc
  .array(fc.record({ id: fc.uuid(), name: fc.string({ unit: "grapheme" }), limit: fc.nat() }), { maxLength: 200 })
  .map((plans) => JSON.stringify({ plans }));

describe("a packed text", () => {
  it("comes out as it went in, whole and as what differs from any other", async () => {
    await fc.assert(
      fc.asyncProperty(documents, documents, fc.constantFrom(1, 3), async (text, other, level) => {
        expect(await unpackText(await packText(text, null, level), null, BYTES_MAX)).toBe(text);
        expect(await unpackText(await packText(text, other, level), other, BYTES_MAX)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it("is small where little differs", async () => {
    const plans = Array.from({ length: 2_000 }, (_, place) => ({ id: crypto.randomUUID(), limit: place }));
    const before = JSON.stringify({ plans });
    const after = before.replace('"limit":1000}', '"limit":77}');
    expect((await packText(after, before, 3)).length).toBeLessThan(200);
    expect((await packText(after, null, 3)).length).toBeGreaterThan(20_000);
  });

  it("is not unpacked beyond the bound, nor from what it is not", async () => {
    await expect(unpackText(await packText("x".repeat(10_000), null, 1), null, 9_999)).rejects.toThrow();
    await expect(unpackText("bm90IHpzdGQ=", null, BYTES_MAX)).rejects.toThrow();
  });
});
