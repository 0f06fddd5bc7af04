import type { z } from "zod";
import { DomainError, type FieldError } from "./errors.ts";

/** Parses a verb's input. Throws one 422 with an entry per wrong field: JSON pointer, code, and what to do. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, pointerPrefix = ""): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.flatMap((issue) => fieldErrors(issue, pointerPrefix));
  throw new DomainError(
    "invalid_request",
    fields.length === 1 && fields[0]
      ? `${fields[0].pointer || "/"}: ${fields[0].detail}`
      : `${fields.length} fields are not valid.`,
    fields,
  );
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const at = (extra: readonly PropertyKey[] = []) =>
    prefix + [...issue.path, ...extra].map((part) => `/${escapePointer(String(part))}`).join("");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      pointer: at([key]),
      code: "unknown_field",
      detail: `There is no field "${key}" here. Take it out, or check its spelling.`,
    }));
  }
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return [{ pointer: at(), code: "required", detail: "This field is required." }];
  }
  // A rule of ours may carry the code that clients branch on.
  const own = issue.code === "custom" && typeof issue.params?.code === "string" ? issue.params.code : issue.code;
  return [{ pointer: at(), code: own, detail: issue.message }];
}

function escapePointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}
