import { httpBoxes } from "#components/routes/http-values.ts";
import type { KeyValue } from "#components/ui/key-value-list.tsx";
import type { HttpRule } from "#lib/contract/http-rule.ts";

const rewrites = [
  ["requestSet", "Request headers set"],
  ["requestRemove", "Request headers removed"],
  ["responseSet", "Answer headers set"],
  ["responseRemove", "Answer headers removed"],
  ["querySet", "Query set"],
  ["queryRemove", "Query removed"],
] as const;

/** How a REST API is served, as facts; nothing for a model. */
export function httpFacts(rule: HttpRule | null): KeyValue[] {
  if (rule === null) return [];
  const boxes = httpBoxes(rule);
  return [
    { label: "Methods", value: rule.methods.join(", ") },
    { label: "Paths", value: rule.paths.join(", ") },
    ...(rule.stripPrefix === undefined ? [] : [{ label: "Stripped prefix", value: rule.stripPrefix }]),
    ...(rule.rewritePath === undefined ? [] : [{ label: "Rewritten path", value: rule.rewritePath }]),
    ...rewrites.flatMap(([box, label]) =>
      boxes[box] === "" ? [] : [{ label, value: boxes[box].replaceAll("\n", "; ") }],
    ),
  ];
}
