import type { PolicyChange } from "#components/revisions/describe-change.ts";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";

type Item = { id: string; name: string };

/**
 * What differs between two published documents, resource by resource. Both come from the API in canonical order, so
 * equal things have equal texts.
 */
export function documentChanges(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  return [
    ...differences("upstream", before.upstreams, after.upstreams),
    ...differences("plan", before.plans, after.plans),
    ...differences("route", before.routes, after.routes),
    ...differences("price", priceItems(before), priceItems(after)),
  ];
}

/** The document before the first publish. */
export const emptyDocument: PolicyDocument = {
  schemaVersion: 1,
  upstreams: [],
  plans: [],
  routes: [],
  prices: { version: "none", entries: [] },
};

/** Names of the upstreams that either document has. */
export function upstreamNamesOf(...documents: readonly PolicyDocument[]): Map<string, string> {
  return new Map(documents.flatMap((document) => document.upstreams.map(({ id, name }) => [id, name])));
}

function priceItems({ prices }: PolicyDocument): Item[] {
  return prices.entries.map((entry) => {
    const name = `${entry.provider}/${entry.model}`;
    return { ...entry, id: name, name };
  });
}

function differences(resource: PolicyChange["resource"], before: readonly Item[], after: readonly Item[]) {
  const old = new Map(before.map((item) => [item.id, item]));
  const kept = new Set(after.map((item) => item.id));
  const changes: PolicyChange[] = [];
  for (const item of after) {
    const { id, name } = item;
    const previous = old.get(id);
    if (!previous) changes.push({ op: "add", resource, id, name, before: null, after: item });
    else if (JSON.stringify(previous) !== JSON.stringify(item))
      changes.push({ op: "update", resource, id, name, before: previous, after: item });
  }
  for (const item of before) {
    const { id, name } = item;
    if (!kept.has(id)) changes.push({ op: "remove", resource, id, name, before: item, after: null });
  }
  return changes;
}
