import type { z } from "zod";
import { DomainError, type DomainErrorCode, type FieldError } from "./errors.ts";

/** Parses a verb's input. Throws one 422 with an entry per wrong field: JSON pointer, code, and what to do. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, pointerPrefix = ""): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.flatMap((issue) => fieldErrors(issue, pointerPrefix));
  throw new DomainError(codeOf(fields), summaryOf(fields), fields);
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

/** Codes that stand for the whole refusal when every wrong field has the same one. */
const SHARED: readonly DomainErrorCode[] = ["not_supported", "private_address"];

function codeOf(fields: FieldError[]): DomainErrorCode {
  return SHARED.find((code) => fields.every((field) => field.code === code)) ?? "invalid_request";
}

function summaryOf(fields: FieldError[]): string {
  const [first] = fields;
  return fields.length === 1 && first
    ? `${first.pointer || "The body"}: ${first.detail}`
    : `${fields.length} fields are not valid.`;
}
