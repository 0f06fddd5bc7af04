import { describeProblem } from "#components/forms/describe-problem.ts";
import { ApiProblem } from "#lib/contract/problem.ts";

/** A JSON pointer (RFC 6901, also in its `#/…` form) as a form field's path: `/targets/0/model` → `targets.0.model`. */
export function pointerToPath(pointer: string): string {
  return pointer
    .replace(/^#/, "")
    .split("/")
    .slice(1)
    .map((segment) => decodeSegment(segment).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A problem cut up for a form: messages by field, and those no field takes. */
export type FormFailure = { fields: { path: string; code: string; message: string }[]; general: string[] };

/**
 * Sorts a failure into field errors and general ones. `hasField` tells whether the form shows a field for a path;
 * where it shows none, the nearest parent it shows takes the message. An unknown error's own message is never shown.
 */
export function toFormFailure(thrown: unknown, hasField: (path: string) => boolean): FormFailure {
  if (!(thrown instanceof ApiProblem)) return { fields: [], general: [describeProblem(thrown)] };
  const { problem } = thrown;
  const failure: FormFailure = { fields: [], general: [] };
  for (const error of problem.errors) {
    const path = nearestField(pointerToPath(error.pointer), hasField);
    if (path === null) failure.general.push(error.detail);
    else failure.fields.push({ path, code: error.code, message: error.detail });
  }
  if (problem.errors.length === 0) failure.general.push(describeProblem(thrown));
  return failure;
}

function nearestField(path: string, hasField: (path: string) => boolean): string | null {
  const segments = path.split(".");
  for (let length = segments.length; length > 0; length -= 1) {
    const candidate = segments.slice(0, length).join(".");
    if (candidate !== "" && hasField(candidate)) return candidate;
  }
  return null;
}
