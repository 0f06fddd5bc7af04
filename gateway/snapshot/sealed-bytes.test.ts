import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deriveStorageKey, openBytes, sealBytes } from "./sealed-bytes.ts";

const key = deriveStorageKey(randomBytes(32).toString("base64url"), "node_1");

describe("sealed bytes", () => {
  it("open to what was sealed, and to nothing else: not cut, not flipped, not for another purpose or node", () => {
    const other = deriveStorageKey(randomBytes(32).toString("base64url"), "node_1");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, mask) => {
        const sealed = sealBytes(key, "revision", Buffer.from(plain));
        expect(openBytes(key, "revision", sealed)?.equals(Buffer.from(plain))).toBe(true);
        expect(openBytes(key, "directory", sealed)).toBeNull();
        expect(openBytes(other, "revision", sealed)).toBeNull();
        expect(openBytes(key, "revision", sealed.subarray(0, at % sealed.length))).toBeNull();
        const flipped = Buffer.from(sealed);
        flipped[at % sealed.length] = (flipped[at % sealed.length] ?? 0) ^ mask;
        expect(openBytes(key, "revision", flipped)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
