import { performance } from "node:perf_hooks";
import { ScanOverBudget, type ScanRule, TextScanner } from "#lib/policy/guard-scan.ts";
import type { TextRule, TextRules } from "./compiled-guards.ts";
import type { TextPlace } from "./json-text.ts";

/** How much of a whole text is searched at once. */
const STRIDE_CHARS = 32_768;
/** Between two turns of the event loop, characters times rules. */
const TURN_CHARS = 131_072;
/** One turn that takes longer than this is given up: a pattern with very many matches in one place. */
const TURN_MS_MAX = 1_000;
/** What all texts of one call together may take. */
const TOTAL_MS_MAX = 5_000;

/** What the rules found in the texts of one call, by rule. */
export type Matches = Map<TextRule, number>;

/** Rules as a scanner takes them, counting into `matches`. */
export function countingRules({ rules }: TextRules, matches: Matches): ScanRule[] {
  return rules.map((rule) => ({
    detector: rule.detector,
    action: rule.action,
    onMatch: () => matches.set(rule, (matches.get(rule) ?? 0) + 1),
  }));
}

/** The rule of a guard that ended a text, or null. */
export function denyingRule(
  scanner: TextScanner,
  { rules }: TextRules,
  scanRules: readonly ScanRule[],
): TextRule | null {
  const { deniedBy } = scanner;
  return deniedBy === null ? null : (rules[scanRules.indexOf(deniedBy)] ?? null);
}

/** Keeps the time that scanning takes within bounds, and lets the event loop turn in between. */
class ScanTime {
  private spentMs = 0;
  private turnSinceMs = performance.now();
  private turnChars = 0;

  readonly isOver = (): boolean => performance.now() - this.turnSinceMs > TURN_MS_MAX;

  /** Waits for a turn of the event loop once enough was scanned. Throws `ScanOverBudget`. */
  async scanned(chars: number): Promise<void> {
    this.turnChars += chars;
    if (this.turnChars < TURN_CHARS) return;
    this.spentMs += performance.now() - this.turnSinceMs;
    if (this.spentMs > TOTAL_MS_MAX) throw new ScanOverBudget();
    await new Promise((resolve) => setImmediate(resolve));
    this.turnChars = 0;
    this.turnSinceMs = performance.now();
  }
}

/**
 * Searches texts one after another, in slices between which other calls get their turn; redacting rules change the texts in
 * their places. Returns the rule that denies, or null. Throws `ScanOverBudget`.
 */
export async function scanTexts(
  places: readonly TextPlace[],
  textRules: TextRules,
  matches: Matches,
): Promise<TextRule | null> {
  const time = new ScanTime();
  const rules = countingRules(textRules, matches);
  const options = { windowChars: textRules.windowChars, strideChars: STRIDE_CHARS, isOverBudget: time.isOver };
  for (const place of places) {
    const { text } = place;
    const scanner = new TextScanner(rules, options);
    let out = "";
    for (let at = 0; at < text.length && scanner.deniedBy === null; at += STRIDE_CHARS) {
      const slice = text.slice(at, at + STRIDE_CHARS);
      out += scanner.push(slice);
      await time.scanned(slice.length * rules.length);
    }
    out += scanner.end();
    const denier = denyingRule(scanner, textRules, rules);
    if (denier !== null) return denier;
    if (out !== text) place.replace(out);
  }
  return null;
}

/** "2 × email, 1 × card", for a decision: what was found, never the text itself. */
function countWords(found: readonly (readonly [TextRule, number])[]): string {
  return found.map(([{ detector }, count]) => `${count} × ${detector.label}`).join(", ");
}

/** What each guard found and did, one sentence each. */
export function matchNotes(
  matches: Matches,
  where: "prompt" | "answer",
): { guard: string; words: string; count: number; mode: string }[] {
  const byGuard = new Map<string, [TextRule, number][]>();
  for (const [rule, count] of matches) {
    const found = byGuard.get(rule.guard);
    if (found === undefined) byGuard.set(rule.guard, [[rule, count]]);
    else found.push([rule, count]);
  }
  return [...byGuard].flatMap(([guard, found]) => {
    const [first] = found;
    if (first === undefined || first[0].action === "deny") return [];
    const isShadow = first[0].action === "count";
    const deed = first[0].intended === "redact" ? "redacts" : "refuses";
    const count = found.reduce((sum, [, each]) => sum + each, 0);
    const words = `${guard} ${isShadow ? `would ${first[0].intended === "redact" ? "redact" : "refuse"}` : deed} in the ${where}: ${countWords(found)}`;
    return [{ guard, words, count, mode: isShadow ? "shadow" : "enforce" }];
  });
}
