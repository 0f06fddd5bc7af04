import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesHash, messageMac } from "#lib/contract/node-answer.ts";
import { ProvedMessages } from "./proved-messages.ts";

const key = randomBytes(32);
const written = (data: string, place: number, under = key): Buffer =>
  Buffer.from(`id: ${messageMac(under, place, bytesHash(data))}\ndata: ${data}\n\n`);

describe("messages of a stream", () => {
  it("are taken in their order, with comments between", () => {
    const proved = new ProvedMessages(key);
    expect(proved.read(written('{"a":1}', 1))).toBe('{"a":1}');
    expect(proved.read(Buffer.from(": still here\n\n"))).toBeNull();
    expect(proved.read(written('{"b":"é"}', 2))).toBe('{"b":"é"}');
  });

  it("are refused when repeated, left out, from another stream, or without a MAC", () => {
    const taken = new ProvedMessages(key);
    taken.read(written("{}", 1));
    expect(() => taken.read(written("{}", 1))).toThrow();
    expect(() => new ProvedMessages(key).read(written("{}", 2))).toThrow();
    expect(() => new ProvedMessages(key).read(written("{}", 1, randomBytes(32)))).toThrow();
    expect(() => new ProvedMessages(key).read(Buffer.from("data: {}\n\n"))).toThrow();
    expect(() => new ProvedMessages(key).read(Buffer.from("id: \ndata: {}\n\n"))).toThrow();
  });

  it("are refused when any byte of them was changed", () => {
    const whole = written('{"kind":"command","command":"resume"}', 1);
    fc.assert(
      fc.property(fc.nat(whole.length - 3), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ flip;
        let read: string | null = null;
        try {
          read = new ProvedMessages(key).read(changed);
        } catch {
          // as it should be
        }
        expect(read).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
