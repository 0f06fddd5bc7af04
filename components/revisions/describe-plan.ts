import { limitSentence, limitSentences } from "#components/revisions/describe-limits.ts";
import type { PlanDocument } from "#lib/contract/policy-document.ts";

/** What changes in a plan. `from` is null for a new one. */
export function describePlan(from: PlanDocument | null, to: PlanDocument): string[] {
  if (!from)
    return [
      ...(to.rateLimits.length === 0 ? ["No rate limit."] : to.rateLimits.map((limit) => limitSentence(limit, "plan"))),
      reach(to),
      ...(to.maxStaleSeconds === undefined ? [] : [staleSentence(to)]),
    ];
  const sentences = from.name === to.name ? [] : [`Called “${to.name}” instead of “${from.name}”.`];
  return [
    ...sentences,
    ...limitSentences(from.rateLimits, to.rateLimits, "plan"),
    ...reachSentences(from, to),
    ...(from.maxStaleSeconds === to.maxStaleSeconds ? [] : [staleSentence(to)]),
  ];
}

function staleSentence({ maxStaleSeconds }: PlanDocument): string {
  return maxStaleSeconds === undefined
    ? "Nodes without the control plane serve it as long as they live."
    : `Nodes refuse it once they have been without the control plane for ${maxStaleSeconds} s.`;
}

function reach({ routes }: PlanDocument): string {
  if (routes.includes("*")) return "Every route is allowed.";
  return routes.length === 0 ? "No route is allowed." : `Allowed: ${routes.join(", ")}.`;
}

function reachSentences(from: PlanDocument, to: PlanDocument): string[] {
  if (from.routes.includes("*") !== to.routes.includes("*")) return [reach(to)];
  const added = to.routes.filter((name) => !from.routes.includes(name));
  const removed = from.routes.filter((name) => !to.routes.includes(name));
  return [
    ...(added.length > 0 ? [`Also allowed: ${added.join(", ")}.`] : []),
    ...(removed.length > 0 ? [`No longer allowed: ${removed.join(", ")}.`] : []),
  ];
}
