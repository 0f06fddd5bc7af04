// For the browser too: without Node's own modules, which canonical.ts needs.
import canonicalize from "canonicalize";

/** One field that differs between two states of a resource. Undefined where the field is not there on that side. */
export interface FieldChange {
  /** A JSON pointer; a route's version goes by its number: `/versions/1.0.0/retry/attempts`. */
  pointer: string;
  before: unknown;
  after: unknown;
}

type Members = Record<string, unknown>;

/**
 * The fields in which two states of a resource differ. Objects are looked into; a list is one field, whatever is in it,
 * because its rows have no names; a route's versions have. A version that only one side has is one change. Pure.
 */
export function fieldChanges(before: unknown, after: unknown, pointer = ""): FieldChange[] {
  const [old, fresh] = [membersOf(before), membersOf(after)];
  if (old === null || fresh === null)
    return canonicalize(before ?? null) === canonicalize(after ?? null) ? [] : [{ pointer, before, after }];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names.flatMap((name) => fieldChanges(old[name], fresh[name], `${pointer}/${escapeSegment(name)}`));
}

/** What can be looked into, by name; null for what is one value. */
function membersOf(value: unknown): Members | null {
  if (Array.isArray(value)) return versionsOf(value);
  return isMembers(value) ? value : null;
}

/** A list of things that each have a version number, by that number. */
function versionsOf(list: readonly unknown[]): Members | null {
  const members: Members = {};
  for (const item of list) {
    if (!isMembers(item) || typeof item.version !== "string") return null;
    const { version, ...rest } = item;
    members[version] = rest;
  }
  return list.length === 0 ? null : members;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name as a segment of a JSON pointer (RFC 6901). */
export function escapeSegment(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The segments of a JSON pointer. */
export function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
