import { pointerSegments } from "../../contract/field-changes.ts";

type Members = Record<string, unknown>;

/** The value at a pointer as `fieldChanges` writes them; undefined where there is none. */
export function fieldAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const segment of pointerSegments(pointer)) {
    if (Array.isArray(value)) value = value.find((item) => isVersion(item, segment));
    else value = isMembers(value) ? value[segment] : undefined;
  }
  return value;
}

/**
 * A document with another value at a pointer; undefined takes the field, or the version, out. Never touches its arguments.
 * What the pointer leads through must exist.
 */
export function putField(document: unknown, pointer: string, value: unknown): unknown {
  const [first, ...rest] = pointerSegments(pointer);
  return first === undefined ? value : put(document, first, rest, value);
}

function put(parent: unknown, name: string, rest: readonly string[], value: unknown): unknown {
  const [next, ...further] = rest;
  const inside = (child: unknown) => (next === undefined ? value : put(child, next, further, value));
  if (Array.isArray(parent)) {
    const others = parent.filter((item) => !isVersion(item, name));
    const changed = inside(parent.find((item) => isVersion(item, name)));
    return changed === undefined ? others : [...others, changed];
  }
  const members = isMembers(parent) ? parent : {};
  const { [name]: child, ...others } = members;
  const changed = inside(child);
  return changed === undefined ? others : { ...others, [name]: changed };
}

function isVersion(item: unknown, number: string): boolean {
  return isMembers(item) && item.version === number;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
