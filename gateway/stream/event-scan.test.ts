import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventScan } from "./event-scan.ts";

const USAGE_KEY = Buffer.from('"usage"');

const usageEvent = (ending: string): string =>
  `data: {"id":"c","choices":[ ],"usage" : {"prompt_tokens":7,"completion_tokens":3}}${ending}`;
const contentEvent = (text: string, ending: string): string =>
  `data: {"choices":[{"delta":{"content":${JSON.stringify(text)}}}],"usage":null}${ending}`;

const ending = fc.constantFrom("\n\n", "\r\n\r\n");
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('"usage":{"prompt_tokens":1}', "data: x\n\n", "🙂é"),
);
const other = fc.constantFrom(": comment\n\n", "event: ping\ndata: {}\n\n", "data: [DONE]\n\n");

/** Cuts bytes into chunks at the given places. */
function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

describe("EventScan", () => {
  it("finds the usage behind a picture that is too long to be read, however it is cut", () => {
    const usage = { input_tokens: 9, output_tokens: 4160 };
    const picture = { type: "image_generation.completed", b64_json: "A".repeat(600_000), usage };
    const bytes = Buffer.from(`event: x\ndata: ${JSON.stringify(picture)}\n\ndata: [DONE]\n\n`);
    for (const size of [1_000, 70_001, 300_000, bytes.length]) {
      const scan = new EventScan(true, USAGE_KEY);
      const out: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) out.push(Buffer.from(scan.push(bytes.subarray(at, at + size))));
      out.push(scan.end());
      expect(Buffer.concat(out).equals(bytes)).toBe(true);
      expect(scan.usage).toEqual(usage);
    }
  });

  it("lays later usage over earlier, but not where it says nothing", () => {
    const scan = new EventScan(false, USAGE_KEY);
    scan.push(Buffer.from('data: {"message":{"usage":{"input_tokens":25,"cache_read_input_tokens":3}}}\n\n'));
    scan.push(Buffer.from('data: {"usage":{"output_tokens":5,"cache_read_input_tokens":null}}\n\n'));
    expect(scan.usage).toEqual({ input_tokens: 25, cache_read_input_tokens: 3, output_tokens: 5 });
  });

  it("passes every byte on but those of the usage event, wherever the chunks are cut", () => {
    const events = fc.array(
      fc.oneof(
        fc.tuple(text, ending).map(([words, end]) => ({ line: contentEvent(words, end), words, isUsage: false })),
        ending.map((end) => ({ line: usageEvent(end), words: "", isUsage: true })),
        other.map((line) => ({ line, words: "", isUsage: false })),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(events, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (all, cuts, isWithheld) => {
        const scan = new EventScan(isWithheld, USAGE_KEY);
        const bytes = Buffer.from(all.map(({ line }) => line).join(""));
        const out = chunksOf(bytes, cuts).map((chunk) => scan.push(chunk));
        out.push(scan.end());
        const expected = all.filter(({ isUsage }) => !(isWithheld && isUsage)).map(({ line }) => line);
        expect(Buffer.concat(out).toString()).toBe(expected.join(""));
        const hasUsage = all.some(({ isUsage }) => isUsage);
        expect(scan.usage).toEqual(hasUsage ? { prompt_tokens: 7, completion_tokens: 3 } : null);
        const words = all.map((event) => JSON.stringify(event.words).length - 2);
        expect(scan.textBytes >= 0 && (words.length > 0 || scan.textBytes === 0)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it("counts the bytes of generated text", () => {
    const scan = new EventScan(true, USAGE_KEY);
    scan.push(Buffer.from(contentEvent("twelve bytes", "\n\n") + contentEvent("four", "\n\n")));
    expect(scan.textBytes).toBe(16);
  });

  it("does not keep an event without end", () => {
    const scan = new EventScan(true, USAGE_KEY);
    let passed = 0;
    for (let chunk = 0; chunk < 100; chunk++) passed += scan.push(Buffer.alloc(16_384, 0x61)).length;
    expect(passed).toBeGreaterThan(1_000_000);
    passed += scan.push(Buffer.from(`\n\n${usageEvent("\n\n")}`)).length;
    expect(scan.usage).not.toBeNull();
    expect(scan.end().length).toBe(0);
  });
});
