import { RE2JS, RE2JSException } from "re2js";
import { PATTERN_CHARS_MAX } from "../contract/guardrail.ts";

/** A place in a text, in UTF-16 units, and what stands there. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Finds one kind of thing in texts. Stateless, and linear in the text for each call. */
export interface Detector {
  /** What it finds, in a word: also the placeholder's name. */
  readonly label: string;
  /** The first match that starts at `from` or later; null when there is none. What stands before `from` is seen as context. */
  find(text: string, from: number): Found | null;
}

/** Why a pattern cannot be used, in words for its author. */
export class PatternProblem {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** What a pattern that may match nothing at all would match: it would redact between any two letters. */
const PROBES = ["", "a", "a b", "1 2", "\n"];

/**
 * Compiles a regular expression in RE2's syntax with an engine that never backtracks: time is linear in the text, whatever
 * the pattern (https://swtch.com/~rsc/regexp/regexp1.html). Look-around and back references do not exist in it.
 */
export function compilePattern(label: string, source: string): Detector | PatternProblem {
  if (source.length > PATTERN_CHARS_MAX) return new PatternProblem(`is longer than ${PATTERN_CHARS_MAX} characters`);
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return new PatternProblem(`is no pattern in RE2's syntax: ${error.message.replace(/^error parsing regexp: /, "")}`);
  }
  const matchesNothing = PROBES.some((probe) => {
    const matcher = pattern.matcher(probe);
    return matcher.find() && matcher.start() === matcher.end();
  });
  if (matchesNothing) return new PatternProblem("matches the empty text: make one character of it necessary");
  return { label, find: (text, from) => findPattern(pattern, text, from) };
}

function findPattern(pattern: RE2JS, text: string, from: number): Found | null {
  const matcher = pattern.matcher(text);
  for (let at = from; at < text.length && matcher.find(at); at = matcher.start() + 1) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (end > start) return { start, end };
  }
  return null;
}

/** A detector of a pattern that is part of this program. Throws for one that does not compile. */
export function knownPattern(label: string, source: string): Detector {
  const detector = compilePattern(label, source);
  if (detector instanceof PatternProblem) throw new Error(`The pattern of ${label} ${detector.message}`);
  return detector;
}
