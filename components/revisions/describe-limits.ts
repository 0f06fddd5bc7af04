import { type LimitOwner, rateLimitWords } from "#components/plans/rate-limit-words.ts";
import type { RateLimit } from "#lib/contract/rate-limit.ts";

/** "At most 60 requests a minute." */
export function limitSentence(limit: RateLimit, owner: LimitOwner): string {
  return `At most ${rateLimitWords(limit, owner)}.`;
}

/** What changes in the limits of a plan, a route or an upstream, one sentence each; a limit is paired with the one it replaces. */
export function limitSentences(from: readonly RateLimit[], to: readonly RateLimit[], owner: LimitOwner): string[] {
  const words = (limit: RateLimit) => rateLimitWords(limit, owner);
  const known = new Set(from.map(words));
  const kept = new Set(to.map(words));
  const gone = from.filter((limit) => !kept.has(words(limit)));
  const sentences: string[] = [];
  for (const limit of to.filter((candidate) => !known.has(words(candidate)))) {
    const place = gone.findIndex((candidate) => kindOf(candidate) === kindOf(limit));
    const [replaced] = place === -1 ? [] : gone.splice(place, 1);
    sentences.push(replaced ? `At most ${words(limit)} instead of ${words(replaced)}.` : limitSentence(limit, owner));
  }
  return [...sentences, ...gone.map((limit) => `No longer limited to ${words(limit)}.`)];
}

/** Limits of one kind replace each other. */
function kindOf(limit: RateLimit): string {
  return limit.metric === "concurrency" ? limit.metric : `${limit.metric} ${limit.windowSeconds}`;
}
