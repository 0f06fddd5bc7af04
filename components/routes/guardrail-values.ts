import { z } from "zod";
import { issueWords } from "#components/forms/issue-words.ts";
import { GuardedText, type Guardrail, Guardrails, PII_TYPES } from "#lib/contract/guardrail.ts";

/** One guardrail in a form: the boxes of every kind, of which only those of its own are shown and sent. */
const Row = z.object({
  kind: z.enum(["max_prompt", "max_output", "parameters", "pattern", "pii", "webhook"]),
  name: z.string(),
  isShadow: z.boolean(),
  maxBytes: z.int("Enter a whole number.").min(1, "At least 1.").nullable(),
  maxTokens: z.int("Enter a whole number.").min(1, "At least 1.").nullable(),
  /** Whether what is found is refused rather than lowered or masked. */
  isRefused: z.boolean(),
  rule: z.enum(["allow", "deny"]),
  /** Names or patterns, one a line. */
  lines: z.string(),
  on: GuardedText,
  types: z.array(z.enum(PII_TYPES)),
  windowChars: z.int(),
  upstreamId: z.string(),
  path: z.string(),
  timeoutMs: z.int("Enter whole milliseconds."),
  /** Whether calls pass while the guard server is silent. */
  isLenient: z.boolean(),
  sampleChars: z.int("Enter a whole number."),
});
type Row = z.infer<typeof Row>;

/** Which box of a row a problem of the guardrail is shown at. */
const BOX_OF: Readonly<Record<string, keyof Row>> = { names: "lines", patterns: "lines", action: "isRefused" };

/** What a box is told where the API's words name fields that the form does not have, by the box and the kind of problem. */
const BOX_WORDS: Readonly<Record<string, string>> = {
  "lines too_small": "Write at least one.",
  "maxBytes custom": "Fill in bytes, tokens or both.",
  "upstreamId invalid_format": "Choose an upstream.",
};

/** The guardrails of a form, one row each. What the API would refuse is said at the box that is wrong. */
export const GuardrailBoxes = z.array(Row).superRefine((rows, context) => {
  const parsed = Guardrails.safeParse(guardrailsOf(rows), { error: issueWords });
  for (const issue of parsed.error?.issues ?? []) {
    const [index, field, ...rest] = issue.path;
    const box = BOX_OF[String(field)] ?? String(field ?? "name");
    const line = typeof rest[0] === "number" && box === "lines" ? `Line ${rest[0] + 1}: ` : "";
    const message = BOX_WORDS[`${box} ${issue.code}`] ?? line + issue.message;
    context.addIssue({ code: "custom", path: index === undefined ? [] : [index, box], message });
  }
});
export type GuardrailBoxes = z.infer<typeof GuardrailBoxes>;

const EMPTY: Row = {
  kind: "pii",
  name: "",
  isShadow: false,
  maxBytes: null,
  maxTokens: null,
  isRefused: false,
  rule: "deny",
  lines: "",
  on: "prompt",
  types: ["email", "card", "secret"],
  windowChars: 256,
  upstreamId: "",
  path: "/",
  timeoutMs: 1_000,
  isLenient: false,
  sampleChars: 2_000,
};

/** A guardrail that is easy to change, as the `count`th. */
export function newGuardrail(count: number): Row {
  return { ...EMPTY, types: [...EMPTY.types], name: `guard-${count + 1}` };
}

/** The rows for guardrails as they are. */
export function guardrailBoxes(guards: readonly Guardrail[]): GuardrailBoxes {
  return guards.map(rowOf);
}

function rowOf(guard: Guardrail): Row {
  const row: Row = { ...EMPTY, kind: guard.kind, name: guard.name, isShadow: guard.mode === "shadow" };
  switch (guard.kind) {
    case "max_prompt":
      return { ...row, maxBytes: guard.maxBytes ?? null, maxTokens: guard.maxTokens ?? null };
    case "max_output":
      return { ...row, maxTokens: guard.maxTokens, isRefused: guard.action === "refuse" };
    case "parameters":
      return { ...row, rule: guard.rule, lines: guard.names.join("\n") };
    case "pattern": {
      const { on, windowChars, action, patterns } = guard;
      return { ...row, on, windowChars, isRefused: action === "deny", lines: patterns.join("\n") };
    }
    case "pii": {
      const { on, windowChars, action, types } = guard;
      return { ...row, on, windowChars, isRefused: action === "deny", types };
    }
    case "webhook": {
      const { upstreamId, path, timeoutMs, onError, sampleChars } = guard;
      return { ...row, upstreamId, path, timeoutMs, isLenient: onError === "allow", sampleChars };
    }
  }
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function guardrailOf(row: Row): unknown {
  const { kind, name, isRefused, on, windowChars } = row;
  const base = { kind, name, mode: row.isShadow ? "shadow" : "enforce" };
  const action = isRefused ? "deny" : "redact";
  switch (kind) {
    case "max_prompt":
      return {
        ...base,
        ...(row.maxBytes === null ? {} : { maxBytes: row.maxBytes }),
        ...(row.maxTokens === null ? {} : { maxTokens: row.maxTokens }),
      };
    case "max_output":
      return { ...base, maxTokens: row.maxTokens, action: isRefused ? "refuse" : "clamp" };
    case "parameters":
      return { ...base, rule: row.rule, names: linesOf(row.lines).map((line) => line.trim()) };
    case "pattern":
      return { ...base, on, action, windowChars, patterns: linesOf(row.lines) };
    case "pii":
      return { ...base, on, action, windowChars, types: row.types };
    case "webhook": {
      const { upstreamId, path, timeoutMs, sampleChars } = row;
      return { ...base, upstreamId, path, timeoutMs, sampleChars, onError: row.isLenient ? "allow" : "deny" };
    }
  }
}

/** What the rows send; the API says what of it cannot be. */
export function guardrailsOf(rows: GuardrailBoxes): unknown[] {
  return rows.map(guardrailOf);
}

/** The guardrail that one row makes; null while it makes none. */
export function guardrailOfRow(row: Row): Guardrail | null {
  return Guardrails.safeParse([guardrailOf(row)]).data?.[0] ?? null;
}
