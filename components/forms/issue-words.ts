import type { z } from "zod";

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const exact = new Intl.NumberFormat("en-US");

/**
 * A schema's refusal in words for people, where the schema itself gives none; undefined leaves the library's words.
 * Nothing typed and nothing chosen are the same to a person: fill it in.
 */
export function issueWords(issue: Issue): string | undefined {
  if (isBlank(issue)) return "Fill this in.";
  switch (issue.code) {
    case "too_small":
      return boundWords("at least", issue.minimum, issue.origin);
    case "too_big":
      return boundWords("at most", issue.maximum, issue.origin);
    case "invalid_type":
      return issue.expected === "int" ? "Must be a whole number." : undefined;
    case "invalid_key":
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

function boundWords(side: "at least" | "at most", bound: number | bigint, origin: string): string {
  const figure = exact.format(bound);
  if (origin === "array" || origin === "set") return `Choose ${side} ${figure}.`;
  return origin === "string" ? `Use ${side} ${figure} characters.` : `Must be ${side} ${figure}.`;
}

function isBlank(issue: Issue): boolean {
  const { input } = issue;
  return input === undefined || input === null || input === "" || (typeof input === "number" && Number.isNaN(input));
}
