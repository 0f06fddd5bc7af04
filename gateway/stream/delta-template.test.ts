import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeltaTemplate } from "./delta-template.ts";

const KEY = Buffer.from('"content":"');
const eventOf = (content: string, more = "") =>
  Buffer.from(`data: {"id":"c1","choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}}}]${more}}\n\n`);

describe("DeltaTemplate", () => {
  it("reads from an event like the one it learnt what JSON.parse reads, and nothing from others", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }).map((it) => it.toWellFormed()),
      fc.constantFrom('"', "\\", '\\"}', '"content":"x"', "\u2028"),
    );
    fc.assert(
      fc.property(text, text, (first, second) => {
        const template = new DeltaTemplate();
        expect(template.read(eventOf(first))).toBeNull();
        template.learn(eventOf(first), KEY, first);
        expect(template.read(eventOf(second))).toBe(second);
        expect(template.read(eventOf(second, ',"usage":null'))).toBeNull();
        expect(template.read(eventOf(second).subarray(0, -3))).toBeNull();
      }),
    );
  });

  it("is not fooled by a string that ends early", () => {
    const template = new DeltaTemplate();
    template.learn(eventOf("a"), KEY, "a");
    const forged = eventOf("b").toString().replace('"b"', '"b","refusal":"c"');
    expect(template.read(Buffer.from(forged))).toBeNull();
  });

  it("learns nothing where the key stands elsewhere, and gives up on streams that never repeat", () => {
    const template = new DeltaTemplate();
    const other = Buffer.from('data: {"x":{"content":"no"},"delta":{"content":"yes"}}\n\n');
    template.learn(other, KEY, "yes");
    expect(template.read(other)).toBeNull();
    for (let event = 0; event < 10; event++) template.learn(eventOf("a", `,"n":${event}`), KEY, "a");
    expect(template.read(eventOf("b", ',"n":9'))).toBeNull();
  });
});
