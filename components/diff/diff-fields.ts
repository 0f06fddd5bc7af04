/** One leaf that differs. `before` or `after` is undefined where the path did not exist on that side. */
export type FieldChange = { path: string; before: unknown; after: unknown };

/** The leaves in which two JSON values differ, in path order; arrays are compared by index. */
export function diffFields(before: unknown, after: unknown): FieldChange[] {
  const left = leavesOf(before);
  const right = leavesOf(after);
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  return paths
    .map((path) => ({ path, before: left.get(path), after: right.get(path) }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function leavesOf(value: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (node: unknown, path: string) => {
    const entries = typeof node === "object" && node !== null ? Object.entries(node) : [];
    if (entries.length === 0) {
      if (path !== "" || (node !== null && node !== undefined)) leaves.set(path, node);
      return;
    }
    const separator = path === "" ? "" : ".";
    for (const [key, child] of entries) {
      walk(child, Array.isArray(node) ? `${path}[${key}]` : `${path}${separator}${key}`);
    }
  };
  walk(value, "");
  return leaves;
}

/** A value in a sentence: quoted text, bare numbers, "nothing" for what is not there. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null || value === "") return "nothing";
  if (typeof value === "string") return `“${value}”`;
  if (Array.isArray(value) && value.length === 0) return "an empty list";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
