import { cacheWords } from "#components/routes/cache-values.ts";
import { httpBoxes } from "#components/routes/http-values.ts";
import type { HttpRule } from "#lib/contract/http-rule.ts";
import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";

/** What changes in a version's cache, without the version's number. `from` is null for a new version. */
export function cacheSentences(from: RouteVersionDocument | null, to: RouteVersionDocument): string[] {
  const [before, after] = [cacheWords(from?.cache ?? null), cacheWords(to.cache)];
  if (before === after) return [];
  if (to.cache === null) return ["answers are no longer kept."];
  return [
    from === null || from.cache === null ? `answers kept ${after}.` : `answers kept ${after} instead of ${before}.`,
  ];
}

const parts = [
  ["stripPrefix", "stripped prefix"],
  ["rewritePath", "rewritten path"],
  ["requestSet", "request headers set"],
  ["requestRemove", "request headers removed"],
  ["responseSet", "answer headers set"],
  ["responseRemove", "answer headers removed"],
  ["querySet", "query set"],
  ["queryRemove", "query removed"],
] as const;

/** What changes in how a REST API is served, without the version's number. */
export function httpSentences(from: HttpRule | null, to: HttpRule | null): string[] {
  if (to === null) return [];
  const sentences: string[] = [];
  const methods = to.methods.join(", ");
  if (from?.methods.join(", ") !== methods) sentences.push(`takes ${methods}.`);
  const added = to.paths.filter((path) => !from?.paths.includes(path));
  const gone = from?.paths.filter((path) => !to.paths.includes(path)) ?? [];
  if (added.length > 0) sentences.push(`serves ${added.join(", ")}.`);
  if (gone.length > 0) sentences.push(`no longer serves ${gone.join(", ")}.`);
  const [before, after] = [httpBoxes(from), httpBoxes(to)];
  for (const [box, words] of parts) {
    if (before[box] === after[box]) continue;
    sentences.push(after[box] === "" ? `no ${words} any more.` : `${words}: ${after[box].replaceAll("\n", "; ")}.`);
  }
  return sentences;
}
