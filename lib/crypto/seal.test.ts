import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seal, unseal } from "./seal.ts";

const key = randomBytes(32);

describe("sealing a secret", () => {
  it("gives back what was sealed, for any text and row", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, id) => {
        const secret = Buffer.from(text).toString();
        expect(unseal(key, seal(key, secret, ["credential", id]), ["credential", id])).toBe(secret);
      }),
    );
  });

  it("refuses a change of any one byte", () => {
    const sealed = seal(key, "sk-secret", ["credential", "c1"]);
    for (let index = 0; index < sealed.length; index++) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => unseal(key, changed, ["credential", "c1"])).toThrow();
    }
  });

  it("refuses another row, another key and a cut value", () => {
    const sealed = seal(key, "sk-secret", ["credential", "c1"]);
    expect(() => unseal(key, sealed, ["credential", "c2"])).toThrow();
    expect(() => unseal(randomBytes(32), sealed, ["credential", "c1"])).toThrow();
    expect(() => unseal(key, sealed.subarray(0, 60), ["credential", "c1"])).toThrow();
  });
});
