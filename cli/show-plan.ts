import type { DeclarationPlan, DeclaredChange, FieldChange } from "#lib/domain/declaration/schemas.ts";

const SIGNS: Record<DeclaredChange["op"], string> = { create: "+", update: "~", adopt: ">", delete: "-", keep: "=" };
const KINDS: Partial<Record<DeclaredChange["kind"], string>> = { routeVersion: "version", price: "price of" };
/** As much of a value as fits a line. */
const VALUE_CHARS_MAX = 100;

/** What a plan says, in words: one line a thing, one line a field. */
export function showPlan({ name, changes, summary, otherDraftChanges }: DeclarationPlan): string {
  const lines = changes.flatMap(changeLines);
  const counts = [
    `${summary.create} to create`,
    `${summary.update} to change`,
    ...(summary.adopt > 0 ? [`${summary.adopt} to adopt`] : []),
    `${summary.delete} to delete`,
    `${summary.unchanged} as declared`,
  ];
  const others = otherDraftChanges.map(({ op, resource, name: which }) => `${op} ${resource} ${which}`);
  return [
    ...lines,
    ...(lines.length > 0 ? [""] : []),
    `${name}: ${counts.join(", ")}.`,
    ...(summary.drifted > 0 ? [`${summary.drifted} changed by hand since the last apply.`] : []),
    ...(summary.keep > 0 ? [`${summary.keep} no longer declared; --prune removes them.`] : []),
    ...(others.length > 0 ? [`The draft also has edits that are not this declaration's: ${others.join(", ")}.`] : []),
  ].join("\n");
}

function changeLines({ op, kind, key, fields, drift, wasDeleted }: DeclaredChange): string[] {
  const what = `${SIGNS[op]} ${KINDS[kind] ?? kind} ${key}`;
  const remark: Record<DeclaredChange["op"], string> = {
    create: wasDeleted ? "  (was deleted by hand)" : "",
    update: "",
    adopt: "  (as declared; becomes this declaration's)",
    delete: "  (no longer declared)",
    keep: "  (no longer declared; left alone)",
  };
  // A new thing is said by its name: its fields stand in the file.
  const changed = op === "update" ? fields.flatMap((change) => leaves(change)) : [];
  const byHand = drift.flatMap((change) => leaves(change).map((line) => `by hand: ${line}`));
  return [what + remark[op], ...[...changed, ...byHand].map((line) => `    ${line}`)];
}

/** The differences inside one field, down to single values. */
function leaves({ field, before, after }: FieldChange): string[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      leaves({ field: `${field}.${name}`, before: before[name] ?? null, after: after[name] ?? null }),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => leaves({ field: `${field}[${index}]`, before: item, after: after[index] }));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`${field}: ${value(before)} → ${value(after)}`];
}

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function value(given: unknown): string {
  if (given === null || given === undefined) return "none";
  const text = JSON.stringify(given);
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text;
}
