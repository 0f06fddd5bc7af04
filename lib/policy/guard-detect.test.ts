import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, type Detector, PatternProblem } from "./guard-detect.ts";
import { PII_DETECTORS, passesLuhn, passesMod97 } from "./guard-pii.ts";

function found(detector: Detector, text: string): string[] {
  const all: string[] = [];
  for (let at = detector.find(text, 0); at !== null; at = detector.find(text, at.end)) {
    all.push(text.slice(at.start, at.end));
  }
  return all;
}

/** The digit that makes the digits before it pass, found by trying all ten. */
function withCheckDigit(digits: readonly number[]): number[] {
  const check = [...Array(10).keys()].find((digit) => passesLuhn([...digits, digit])) ?? 0;
  return [...digits, check];
}

describe("Luhn", () => {
  const digits = fc.array(fc.nat(9), { minLength: 1, maxLength: 18 });

  it("knows the published examples", () => {
    for (const number of [
      "4111111111111111",
      "5500005555555559",
      "378282246310005",
      "6011000990139424",
      "79927398713",
    ]) {
      expect(passesLuhn([...number].map(Number))).toBe(true);
    }
  });

  it("is passed with exactly one check digit, and never with one digit mistyped", () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (first, place, by) => {
        expect([...Array(10).keys()].filter((digit) => passesLuhn([...first, digit])).length).toBe(1);
        const whole = withCheckDigit(first);
        const at = place % whole.length;
        expect(passesLuhn(whole.map((digit, index) => (index === at ? (digit + by) % 10 : digit)))).toBe(false);
      }),
    );
  });
});

describe("modulo 97", () => {
  it("knows the registry's examples, and no single character mistyped", () => {
    const examples = [
      "GB29NWBK60161331926819",
      "DE89370400440532013000",
      "FR1420041010050500013M02606",
      "NO9386011117947",
    ];
    for (const iban of examples) expect(passesMod97(iban)).toBe(true);
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.nat(), fc.integer({ min: 1, max: 9 }), (iban, place, by) => {
        const at = 4 + (place % (iban.length - 4));
        const digit = Number(iban[at]);
        fc.pre(!Number.isNaN(digit));
        expect(passesMod97(iban.slice(0, at) + ((digit + by) % 10) + iban.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe("personal data", () => {
  const { card, iban, phone, email, secret } = PII_DETECTORS;

  it("cards are found with any grouping, and other numbers are not", () => {
    const grouping = fc.array(fc.constantFrom("", "", "", " ", "-"), { minLength: 18, maxLength: 18 });
    const body = fc.array(fc.nat(9), { minLength: 11, maxLength: 17 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), body, grouping, (scheme, rest, gaps) => {
        const digits = withCheckDigit([scheme, ...rest]);
        const text = digits.map((digit, at) => (at === 0 ? digit : `${gaps[at - 1] ?? ""}${digit}`)).join("");
        const [span] = found(card, `pay with ${text}, please`);
        expect(span === undefined ? null : passesLuhn([...span.replaceAll(/\D/g, "")].map(Number))).toBe(true);
        expect(found(card, `x${text}`)).toEqual(found(card, text));
      }),
    );
    expect(found(card, "1234 4111 1111 1111 1111 and 4111 1111 1111 1112")).toEqual(["4111 1111 1111 1111"]);
    expect(found(card, "order 41111111111111111111111111, at 1700000000000")).toEqual([]);
  });

  it("accounts, telephone numbers and addresses", () => {
    expect(found(iban, "to GB29 NWBK 6016 1331 9268 19 or de89370400440532013000; not GB28NWBK60161331926819")).toEqual(
      ["GB29 NWBK 6016 1331 9268 19", "de89370400440532013000"],
    );
    expect(found(phone, "call +49 (30) 1234-5678, 0044 20 7946 0958 or (555) 123-4567; 555-123-4567")).toEqual([
      "+49 (30) 1234-5678",
      "0044 20 7946 0958",
      "(555) 123-4567",
      "555-123-4567",
    ]);
    expect(found(phone, "1+12345678, 2026-11-24, 10.0.0.1, +1234")).toEqual([]);
    expect(found(email, "Write to Anna.Müller+x@example.co.uk, or <a@b.de>. Not a@b or @x.de")).toEqual([
      "Anna.Müller+x@example.co.uk",
      "a@b.de",
    ]);
  });

  it("secrets of known formats", () => {
    const filler = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7j";
    const secrets = [
      `sk-proj-${filler}`,
      `AIza${filler.slice(0, 35)}`,
      "AKIAIOSFODNN7EXAMPLE",
      `ghp_${filler}`,
      `xoxb-123-${filler}`,
      `eyJhbGciOiJ9.eyJzdWIiOiIx.${filler}`,
      "-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAA=\n-----END RSA PRIVATE KEY-----",
    ];
    for (const text of secrets) expect(found(secret, `it is "${text}" here`)).toEqual([text]);
    expect(found(secret, "sk-short, skiing-is-a-sport-that-many-people-like, AKIA, eyJ.eyJ.x")).toEqual([]);
  });
});

describe("patterns", () => {
  it.each(["(", "(?=a)", "(a)\\1", "a{2,1}", "a*", "", "x|", "\\b", "(?i)", "a".repeat(1_001)])(
    "%s is refused",
    (source) => {
      expect(compilePattern("p", source)).toBeInstanceOf(PatternProblem);
    },
  );

  it("that take other engines for ever take time linear in the text", () => {
    const evil = ["(a+)+$", "(a|a)*b", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){12}b", "(x+x+)+y"];
    for (const source of evil) {
      const detector = compilePattern("p", source);
      if (detector instanceof PatternProblem) throw new Error(detector.message);
      const took = (length: number): number => {
        const text = `${"a".repeat(length)}!`;
        const startedMs = performance.now();
        detector.find(text, 0);
        return performance.now() - startedMs;
      };
      took(2_000);
      // A backtracking engine would not come back from either in a lifetime.
      expect(Math.min(took(16_000), took(16_000))).toBeLessThan(2_000);
      expect(Math.min(took(64_000), took(64_000))).toBeLessThan(4_000);
    }
  });
});
