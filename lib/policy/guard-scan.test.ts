import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Detector, knownPattern } from "./guard-detect.ts";
import { PII_DETECTORS } from "./guard-pii.ts";
import { type MatchAction, ScanOverBudget, type ScanRule, TextScanner } from "./guard-scan.ts";

const word = knownPattern("word", String.raw`\bsecret\b`);
const digits = knownPattern("digits", String.raw`\d+`);
const detectors: readonly Detector[] = [
  word,
  digits,
  knownPattern("pair", "ab|ba"),
  knownPattern("start", "^x+"),
  knownPattern("line", "(?m)^y$"),
  PII_DETECTORS.email,
  PII_DETECTORS.card,
];
const piece = fc.constantFrom(
  ..."ab xy1\n",
  "secret",
  "secrets ",
  "😀",
  "4111 1111 1111 1111",
  "a@b.co",
  "99999999999999999999999999",
);
const anyText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

function scan(chunks: readonly string[], rules: readonly [Detector, MatchAction][], windowChars = 32, strideChars = 8) {
  let matches = 0;
  const scanner = new TextScanner(
    rules.map(([detector, action]): ScanRule => ({ detector, action, onMatch: () => (matches += 1) })),
    { windowChars, strideChars, isOverBudget: () => false },
  );
  let out = "";
  for (const chunk of chunks) out += scanner.push(chunk);
  out += scanner.end();
  return { out, matches, denied: scanner.deniedBy?.detector.label ?? null };
}

function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].toSorted((a, b) => a - b);
  const chunks: string[] = [];
  let from = 0;
  for (const end of [...ends, text.length]) {
    chunks.push(text.slice(from, end));
    from = end;
  }
  return chunks;
}

const anyRules = fc.array(
  fc.tuple(fc.constantFrom(...detectors), fc.constantFrom<MatchAction>("redact", "redact", "count", "deny")),
  { minLength: 1, maxLength: 4 },
);

describe("TextScanner", () => {
  it("gives the same, however the text is cut", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(), { maxLength: 20 }), anyRules, (text, places, rules) => {
        expect(scan(cut(text, places), rules)).toEqual(scan([text], rules));
      }),
      { numRuns: 500 },
    );
  });

  it("gives what replacing in the whole text at once gives, also across strides", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...detectors), (text, detector) => {
        let expected = "";
        let from = 0;
        for (let found = detector.find(text, 0); found !== null; found = detector.find(text, found.end)) {
          // A match longer than the window is found whole only where its beginning alone is one already.
          fc.pre(detector !== PII_DETECTORS.email || found.end - found.start <= 32);
          expected += `${text.slice(from, found.start)}[${detector.label}]`;
          from = found.end;
        }
        expect(scan([text], [[detector, "redact"]]).out).toBe(expected + text.slice(from));
      }),
      { numRuns: 500 },
    );
  });

  it("changes nothing where nothing matches, counts without touching, and lets nothing of a denied match out", () => {
    expect(scan(["plain te", "xt"], [[PII_DETECTORS.email, "redact"]]).out).toBe("plain text");
    const text = "mail a@b.co or c@d.org";
    expect(scan([text], [[PII_DETECTORS.email, "count"]])).toEqual({ out: text, matches: 2, denied: null });
    const denied = scan([...`some words, and then ${"x".repeat(100)} secret words`], [[word, "deny"]]);
    expect(denied.denied).toBe("word");
    expect(denied.out).not.toContain("secret");
  });

  it("holds back a window and a stride at most", () => {
    const scanner = new TextScanner([{ detector: word, action: "redact", onMatch: () => {} }], {
      windowChars: 32,
      strideChars: 8,
      isOverBudget: () => false,
    });
    let given = 0;
    for (let at = 0; at < 500; at++) {
      given += scanner.push("z").length;
      expect(at + 1 - given).toBeLessThan(40);
    }
  });

  it("redacts overlapping matches of several rules without letting a part of either out", () => {
    const both: [Detector, MatchAction][] = [
      [knownPattern("first", "abcd"), "redact"],
      [knownPattern("second", "cdef"), "redact"],
    ];
    expect(scan(["xxabcdefyy"], both).out).toBe("xx[first][second]yy");
  });

  it("stops when the budget is spent", () => {
    const scanner = new TextScanner([{ detector: digits, action: "count", onMatch: () => {} }], {
      windowChars: 16,
      strideChars: 1_024,
      isOverBudget: () => true,
    });
    expect(() => scanner.push("1 ".repeat(4_000))).toThrow(ScanOverBudget);
  });
});
