import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyTable, type KnownApiKey } from "./key-table.ts";

/** What the table is to behave like: two maps of objects. */
class PlainKeys {
  readonly byId = new Map<string, KnownApiKey>();
  readonly byHash = new Map<string, KnownApiKey>();

  set(key: KnownApiKey): void {
    this.delete(key.id);
    this.byId.set(key.id, key);
    this.byHash.set(key.sha256, key);
  }

  delete(id: string): void {
    const known = this.byId.get(id);
    if (known !== undefined && this.byHash.get(known.sha256) === known) this.byHash.delete(known.sha256);
    this.byId.delete(id);
  }
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
// Few, so that keys are changed and come back; ids whose last bytes are alike lie in one run of places.
const names = fc.integer({ min: 0, max: 60 });
const ids = names.map((name) =>
  name % 5 === 0
    ? `key_${name}`
    : `key_${digest(String(name)).slice(0, 24)}${name % 2 === 0 ? "00000000" : digest(String(name)).slice(0, 8)}`,
);
const keys = fc.record({
  id: ids,
  consumerId: names.map((name) => (name % 7 === 0 ? `odd ${name}` : `con_${digest(`c${name}`).slice(0, 32)}`)),
  sha256: names.map((name) => digest(`secret ${name}`)),
  expiresAt: fc.option(fc.constantFrom("2027-01-01T00:00:00.000Z", "2026-06-01T12:00:00.000Z")),
  routes: fc.option(fc.subarray(["a", "b"])),
});
const steps = fc.array(fc.oneof(keys, fc.record({ gone: ids })), { maxLength: 250 });

describe("KeyTable", () => {
  it("behaves as two maps of objects do", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const table = new KeyTable();
        const plain = new PlainKeys();
        for (const step of all) {
          if ("gone" in step) {
            table.delete(step.gone);
            plain.delete(step.gone);
            continue;
          }
          table.set(step.id, step);
          const known = table.get(step.id);
          expect(known).toMatchObject({ id: step.id, consumerId: step.consumerId, sha256: step.sha256 });
          if (known !== undefined) plain.set(known);
        }
        expect(table.size).toBe(plain.byId.size);
        const inOrder = (some: Iterable<KnownApiKey>) => [...some].toSorted((a, b) => a.id.localeCompare(b.id));
        expect(inOrder(table.values())).toEqual(inOrder(plain.byId.values()));
        for (let name = 0; name <= 60; name++) {
          const hash = digest(`secret ${name}`);
          expect(table.withHash(hash)).toEqual(plain.byHash.get(hash));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("holds 200,000 keys in under 100 bytes each, and finds each of them", () => {
    const table = new KeyTable();
    const body = { consumerId: `con_${digest("c").slice(0, 32)}`, expiresAt: null, routes: null };
    const before = process.memoryUsage().arrayBuffers;
    for (let n = 0; n < 200_000; n++) {
      const id = `key_${digest(`k${n}`).slice(0, 32)}`;
      table.set(id, { ...body, id, sha256: digest(`s${n}`) });
    }
    expect((process.memoryUsage().arrayBuffers - before) / 200_000).toBeLessThan(100);
    for (let n = 0; n < 200_000; n += 97) {
      expect(table.withHash(digest(`s${n}`))?.id).toBe(`key_${digest(`k${n}`).slice(0, 32)}`);
    }
    expect(table.withHash(digest("s-1"))).toBeUndefined();
  });
});
