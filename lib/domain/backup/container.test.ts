import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { opened, sealed } from "./container.ts";

const CHEAP = { logN: 10, r: 1, p: 1 };
const PASSPHRASE = "correct horse battery staple";

async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const part of source) read.push(part);
  return Buffer.concat(read);
}
const seal = (bytes: Uint8Array, size = 10_000) => all(sealed(parts(bytes, size), PASSPHRASE, CHEAP));
const open = (bytes: Uint8Array, passphrase = PASSPHRASE, size = 7_777) => all(opened(parts(bytes, size), passphrase));

describe("the container of a backup", () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])("gives back %i bytes", async (length) => {
    const bytes = randomBytes(length);
    expect((await open(await seal(bytes))).equals(bytes)).toBe(true);
  });

  it("gives back any bytes, however they are cut", async () => {
    const sizes = fc.integer({ min: 1, max: 90_000 });
    const property = fc.asyncProperty(fc.integer({ min: 0, max: 300_000 }), sizes, sizes, async (length, a, b) => {
      const bytes = randomBytes(length);
      return (await open(await seal(bytes, a), PASSPHRASE, b)).equals(bytes);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  it("refuses another passphrase before it gives anything out", async () => {
    const file = await seal(randomBytes(1_000));
    await expect(open(file, "correct horse battery stable")).rejects.toThrow("The passphrase is wrong");
  });

  it("refuses every single flipped bit, and every shorter or longer file", async () => {
    const file = await seal(randomBytes(140_000));
    const changes = fc.oneof(
      fc.record({ at: fc.integer({ min: 0, max: file.length - 1 }), bit: fc.integer({ min: 0, max: 7 }) }),
      fc.record({ cutTo: fc.integer({ min: 0, max: file.length - 1 }) }),
      fc.record({ add: fc.integer({ min: 1, max: 70_000 }) }),
    );
    const property = fc.asyncProperty(changes, async (change) => {
      let damaged = Buffer.from(file);
      if ("at" in change) damaged[change.at] = (damaged[change.at] ?? 0) ^ (1 << change.bit);
      else if ("cutTo" in change) damaged = damaged.subarray(0, change.cutTo);
      else damaged = Buffer.concat([damaged, randomBytes(change.add)]);
      await expect(open(damaged)).rejects.toThrow();
    });
    await fc.assert(property, { numRuns: 120 });
  });

  it("refuses chunks that are left out, repeated or in another order, and an end at a chunk's edge", async () => {
    const file = await seal(randomBytes(4 * 65_536));
    const header = file.subarray(0, 53);
    const chunk = (index: number) => file.subarray(53 + index * 65_552, 53 + (index + 1) * 65_552);
    const order = (...indexes: number[]) => Buffer.concat([header, ...indexes.map(chunk)]);
    expect((await open(order(0, 1, 2, 3))).length).toBe(4 * 65_536);
    for (const wrong of [order(0, 1, 2), order(0, 2, 3), order(1, 0, 2, 3), order(0, 0, 1, 2, 3), order(0, 1, 2, 3, 3)])
      await expect(open(wrong)).rejects.toThrow("damaged or cut off");
  });

  it("refuses what is no backup, and costs that would take all memory", async () => {
    await expect(open(Buffer.from("hello"))).rejects.toThrow("not a backup");
    const file = await seal(randomBytes(10));
    file[18] = 31;
    await expect(open(file)).rejects.toThrow("damaged");
  });

  it("never seals the same bytes alike", async () => {
    const bytes = randomBytes(100);
    expect((await seal(bytes)).subarray(53).equals((await seal(bytes)).subarray(53))).toBe(false);
  });
});
