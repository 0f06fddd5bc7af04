import { canonicalJson } from "../../contract/canonical.ts";
import type { PolicyDocument } from "../../contract/policy-document.ts";

/** One difference between the draft and the revision it is based on. */
export interface DraftChange {
  op: "add" | "update" | "remove";
  resource: "upstream" | "plan" | "route" | "price";
  id: string;
  name: string;
  before: unknown;
  after: unknown;
}

type Item = { id: string; name: string };

/** What publishing the draft would change, resource by resource. Pure. */
export function draftChanges(base: PolicyDocument, draft: PolicyDocument): DraftChange[] {
  return [
    ...differences("upstream", base.upstreams, draft.upstreams),
    ...differences("plan", base.plans, draft.plans),
    ...differences("route", base.routes, draft.routes),
    ...differences("price", priceItems(base), priceItems(draft)),
  ];
}

function priceItems(document: PolicyDocument): Item[] {
  return document.prices.entries.map((entry) => ({
    ...entry,
    id: `${entry.provider}/${entry.model}`,
    name: `${entry.provider}/${entry.model}`,
  }));
}

function differences(resource: DraftChange["resource"], before: Item[], after: Item[]): DraftChange[] {
  const old = new Map(before.map((item) => [item.id, item]));
  const fresh = new Map(after.map((item) => [item.id, item]));
  const changes: DraftChange[] = [];
  for (const [id, item] of fresh) {
    const previous = old.get(id);
    if (!previous) changes.push({ op: "add", resource, id, name: item.name, before: null, after: item });
    else if (canonicalJson(previous) !== canonicalJson(item))
      changes.push({ op: "update", resource, id, name: item.name, before: previous, after: item });
  }
  for (const [id, item] of old) {
    if (!fresh.has(id)) changes.push({ op: "remove", resource, id, name: item.name, before: item, after: null });
  }
  return changes;
}
