import { describe, expect, it } from "vitest";
import { createGate } from "./gate.ts";
import { oneAtATime } from "./one-at-a-time.ts";

/** Works that end when they are told to, and a count of those that run. */
function works() {
  const counts = { running: 0, most: 0 };
  const ends: (() => void)[] = [];
  const work = async () => {
    counts.running++;
    counts.most = Math.max(counts.most, counts.running);
    await new Promise<void>((resolve) => ends.push(resolve));
    counts.running--;
  };
  return { counts, ends, work };
}

/** Lets everything that can run now run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("createGate", () => {
  it("runs no more than it may, in order, and refuses a crowd", async () => {
    const gate = createGate(2, 3);
    const { counts, ends, work } = works();
    const all = Array.from({ length: 5 }, () => gate(work));
    await settle();
    expect(counts.running).toBe(2);
    await expect(gate(work)).rejects.toMatchObject({ code: "unavailable" });
    for (let count = 0; count < 5; count++) {
      ends[count]?.();
      await settle();
    }
    await Promise.all(all);
    expect(counts).toEqual({ running: 0, most: 2 });
  });

  it("gives the place of a failed work on", async () => {
    const gate = createGate(1, 1);
    const failed = gate(() => Promise.reject(new Error("no")));
    const next = gate(async () => "yes");
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("yes");
    expect(await gate(async () => "again")).toBe("again");
  });
});

describe("oneAtATime", () => {
  it("runs the works of a key one after the other, also past a failure, and other keys beside them", async () => {
    const order: string[] = [];
    const note =
      (name: string, fails = false) =>
      async () => {
        order.push(`${name} begins`);
        await settle();
        order.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const results = await Promise.allSettled([
      oneAtATime("a", note("a1", true)),
      oneAtATime("a", note("a2")),
      oneAtATime("b", note("b1")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    const ofA = order.filter((entry) => entry.startsWith("a"));
    expect(ofA).toEqual(["a1 begins", "a1 ends", "a2 begins", "a2 ends"]);
    expect(order.indexOf("b1 begins")).toBeLessThan(order.indexOf("a1 ends"));
  });
});
