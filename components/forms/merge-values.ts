/** Which of three states of a field counts: mine, the other person's, or what both of us began with. */
export type MergeSide = "yours" | "theirs" | "base";

/** A field that somebody changed since the form opened. */
export interface MergeField {
  /** Where it is in the form's values: `["timeouts", "idleMs"]`. */
  path: readonly string[];
  base: unknown;
  theirs: unknown;
  yours: unknown;
  /** Which side counts unless the person says otherwise; null where both changed it, each in another way. */
  suggested: Exclude<MergeSide, "base"> | null;
}

/**
 * The fields that differ between what a form began with, what somebody else made of it meanwhile, and what was typed.
 * Objects are looked into. So are lists, row by row, as long as no side added, removed or moved a row: otherwise row 2 of
 * one is not row 2 of another, and the list is one field. Pure.
 */
export function mergeFields(
  base: unknown,
  theirs: unknown,
  yours: unknown,
  path: readonly string[] = [],
): MergeField[] {
  const [isTheirs, isYours] = [!isSame(base, theirs), !isSame(base, yours)];
  if (!isTheirs && !isYours) return [];
  const sides = [base, theirs, yours].map(membersOf);
  const [from, other, own] = sides;
  if (from && other && own && !hasMovedRows(base, theirs) && !hasMovedRows(base, yours)) {
    const names = [...new Set(sides.flatMap((side) => Object.keys(side ?? {})))];
    return names.flatMap((name) => mergeFields(from[name], other[name], own[name], [...path, name]));
  }
  const suggested = !isYours || isSame(theirs, yours) ? "theirs" : isTheirs ? null : "yours";
  return [{ path, base, theirs, yours, suggested }];
}

/** The values to go on with: as they were typed, but for the fields in which another side counts. Never touches its arguments. */
export function mergedValues(
  yours: unknown,
  fields: readonly MergeField[],
  sideOf: (field: MergeField) => MergeSide,
): unknown {
  return fields.reduce((values, field) => put(values, field.path, field[sideOf(field)]), yours);
}

type Members = Record<string, unknown>;

/** What can be looked into; a list counts only beside lists of its own length, which `hasMovedRows` sees to. */
function membersOf(value: unknown): Members | null {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
}

/** Whether the rows of two lists cannot be paired by their places. A list beside something else cannot either. */
function hasMovedRows(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return Array.isArray(before) !== Array.isArray(after);
  if (before.length !== after.length) return true;
  const places = new Map(before.map((row, place) => [textOf(row), place]));
  return after.some((row, place) => {
    const known = places.get(textOf(row));
    return known !== undefined && known !== place && !isSame(row, before[place]);
  });
}

function put(values: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(values)) return values.map((row, place) => (String(place) === name ? put(row, rest, value) : row));
  const { [name]: child, ...others } = membersOf(values) ?? {};
  const changed = put(child, rest, value);
  return changed === undefined ? others : { ...others, [name]: changed };
}

function isSame(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b);
}

/** Equal values have equal texts, whatever the order of their members; nothing and an absent member are the same. */
function textOf(value: unknown): string {
  return JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
