import { rateLimitWords } from "#components/plans/rate-limit-words.ts";
import type { PlanDocument, RateLimit } from "#lib/contract/policy-document.ts";

/** What changes in a plan. `from` is null for a new one. */
export function describePlan(from: PlanDocument | null, to: PlanDocument): string[] {
  if (!from) return [...(to.rateLimits.length === 0 ? ["No rate limit."] : to.rateLimits.map(allows)), reach(to)];
  const sentences = from.name === to.name ? [] : [`Called “${to.name}” instead of “${from.name}”.`];
  return [...sentences, ...limitSentences(from.rateLimits, to.rateLimits), ...reachSentences(from, to)];
}

const allows = (limit: RateLimit) => `At most ${rateLimitWords(limit)}.`;

function limitSentences(from: readonly RateLimit[], to: readonly RateLimit[]): string[] {
  const known = new Set(from.map(rateLimitWords));
  const kept = new Set(to.map(rateLimitWords));
  const gone = from.filter((limit) => !kept.has(rateLimitWords(limit)));
  const sentences: string[] = [];
  for (const limit of to.filter((candidate) => !known.has(rateLimitWords(candidate)))) {
    const place = gone.findIndex((candidate) => candidate.windowSeconds === limit.windowSeconds);
    const [replaced] = place === -1 ? [] : gone.splice(place, 1);
    sentences.push(
      replaced ? `At most ${rateLimitWords(limit)} instead of ${rateLimitWords(replaced)}.` : allows(limit),
    );
  }
  return [...sentences, ...gone.map((limit) => `No longer limited to ${rateLimitWords(limit)}.`)];
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
