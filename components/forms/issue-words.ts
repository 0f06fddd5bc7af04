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
      return issue.origin === "array" || issue.origin === "set"
        ? `Choose at least ${exact.format(issue.minimum)}.`
        : `${issue.origin === "string" ? `Use at least ${exact.format(issue.minimum)} characters.` : `Must be at least ${exact.format(issue.minimum)}.`}`;
    case "too_big":
      return issue.origin === "array" || issue.origin === "set"
        ? `Choose at most ${exact.format(issue.maximum)}.`
        : `${issue.origin === "string" ? `Use at most ${exact.format(issue.maximum)} characters.` : `Must be at most ${exact.format(issue.maximum)}.`}`;
    case "invalid_type":
      return issue.expected === "int" ? "Must be a whole number." : undefined;
    default:
      return undefined;
  }
}

function isBlank(issue: Issue): boolean {
  const { input } = issue;
  return input === undefined || input === null || input === "" || (typeof input === "number" && Number.isNaN(input));
}
