import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut } from "#gateway/testing/openai-arbitraries.ts";
import { EventSplitter, eventData } from "./event-splitter.ts";

function split(
  chunks: readonly Buffer[],
  bytesMax = 1_000_000,
): { data: string[]; rest: string; isOversized: boolean } {
  const splitter = new EventSplitter(bytesMax);
  const data: string[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    for (let event = splitter.next(); event !== null; event = splitter.next()) data.push(eventData(event));
  }
  return { data, rest: eventData(splitter.rest()), isOversized: splitter.isOversized };
}

const line = fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, " "));
const newline = fc.constantFrom("\n", "\r\n");
const event = fc
  .tuple(fc.boolean(), fc.array(line, { minLength: 1, maxLength: 3 }), newline)
  .map(([isNamed, lines, eol]) => ({
    text: `${isNamed ? `event: x${eol}` : ""}${lines.map((each) => `data: ${each}${eol}`).join("")}${eol}`,
    data: lines.join("\n"),
  }));

describe("EventSplitter", () => {
  it("finds every event, wherever the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(), { maxLength: 20 }), (events, places) => {
        const bytes = Buffer.from(events.map((each) => each.text).join(""));
        const { data, rest } = split(cut(bytes, places));
        expect(data).toEqual(events.map((each) => each.data));
        expect(rest).toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("finds them byte by byte as well, behind comments and blank lines", () => {
    const bytes = Buffer.from(`\n\r\n: hello\n\ndata: a\r\n\r\ndata:b\ndata: c\n\n${"data: last"}`);
    const { data, rest } = split([...bytes].map((byte) => Buffer.from([byte])));
    expect(data.filter((each) => each !== "")).toEqual(["a", "b\nc"]);
    expect(rest).toBe("last");
  });

  it("takes a long event in time that grows with its length alone, and bounds it", () => {
    const chunk = Buffer.alloc(16 * 1_024, 0x78);
    chunk[100] = 10;
    const megabytes = (count: number) => Array.from({ length: count * 64 }, () => chunk);
    const whole = [Buffer.from("data: "), ...megabytes(8), Buffer.from("\n\n")];
    const startMs = performance.now();
    expect(split(whole, 16 * 1_048_576).data).toHaveLength(1);
    // Copying all of it for each chunk would be 2 GiB.
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(split(megabytes(3), 2 * 1_048_576)).toMatchObject({ data: [], isOversized: true });
  });
});
