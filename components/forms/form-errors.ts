import type { FieldErrors, FieldValues } from "react-hook-form";

/** A field's path and its message. */
export type FieldMessage = { path: string; message: string };

/** The nested errors of a form as a flat list in field order; nodes without a message are walked through. */
export function flattenErrors<TInput extends FieldValues>(errors: FieldErrors<TInput>): FieldMessage[] {
  const found: FieldMessage[] = [];
  const walk = (node: unknown, path: string) => {
    if (typeof node !== "object" || node === null) return;
    if ("message" in node && typeof node.message === "string" && "type" in node) {
      found.push({ path, message: node.message });
      return;
    }
    for (const [key, child] of Object.entries(node)) {
      if (key !== "ref") walk(child, path === "" ? key : `${path}.${key}`);
    }
  };
  walk(errors, "");
  return found;
}
