import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerStore } from "./answer-store.ts";
import { ageSeconds, type KeptAnswer, sizeOf } from "./kept-answer.ts";

const usage = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 };

function answer(bytes: number, expiresAtMs = 1_000): KeptAnswer {
  const pieces = [Buffer.alloc(bytes)];
  const times = { madeAtMs: 0, expiresAtMs };
  return {
    status: 200,
    headers: [],
    pieces,
    isStream: false,
    usage: { ...usage, source: "none" },
    targetId: "t",
    ...times,
  };
}

describe("the store", () => {
  it("never holds more than its bound, and its figures say what it holds", () => {
    const act = fc.record({
      key: fc.nat(20),
      route: fc.nat(3),
      bytes: fc.nat(4_000),
      kind: fc.constantFrom("set", "get", "purge"),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 100 }), (acts) => {
        const bytesMax = 20_000;
        const store = new AnswerStore(bytesMax);
        const held = new Map<string, { route: string; bytes: number }>();
        for (const { key, route, bytes, kind } of acts) {
          const id = `key-${key}`;
          const name = `route-${route}`;
          if (kind === "set") {
            const kept = answer(bytes);
            store.set(id, name, kept);
            held.set(id, { route: name, bytes: sizeOf(kept) + id.length });
          } else if (kind === "get") {
            const found = store.get(id, 0);
            if (found !== null) expect(sizeOf(found) + id.length).toBe(held.get(id)?.bytes);
          } else {
            store.purge(name);
            for (const [each, { route: of }] of held) if (of === name) expect(store.get(each, 0)).toBeNull();
          }
          const total = [...store.figures.values()].reduce((sum, figures) => sum + figures.bytes, 0);
          expect(total).toBeLessThanOrEqual(bytesMax);
          const sum = [...held].reduce(
            (bytesSum, [each, entry]) => bytesSum + (store.get(each, 0) === null ? 0 : entry.bytes),
            0,
          );
          expect(total).toBe(sum);
        }
      }),
    );
  });

  it("forgets what is over, counts what made room, and keeps nothing larger than itself", () => {
    const store = new AnswerStore(5_000);
    store.set("a", "r", answer(100, 50));
    expect(store.get("a", 49)).not.toBeNull();
    expect(store.get("a", 50)).toBeNull();
    store.set("b", "r", answer(2_000));
    store.set("c", "r", answer(2_000));
    expect([store.get("b", 0) === null, store.get("c", 0) === null]).toEqual([true, false]);
    expect(store.figures.get("r")?.evictions).toBe(1);
    store.set("d", "r", answer(5_000));
    expect(store.get("d", 0)).toBeNull();
    store.retain(new Map());
    expect([store.get("c", 0), store.figures.size]).toEqual([null, 0]);
    expect(ageSeconds(answer(1), 2_999)).toBe(2);
  });
});
