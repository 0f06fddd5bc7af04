import type { DeclaredChange } from "./schemas.ts";
import { type DeclaredThing, differences, type Fields, type OwnedThing, type PresentThing } from "./thing.ts";

/** What a declaration says, what there is, and what is known of the last apply. */
export interface Comparison {
  declared: readonly DeclaredThing[];
  present: readonly PresentThing[];
  /** What this declaration owns. */
  owned: readonly OwnedThing[];
  prune: boolean;
  /** Keys of declared credentials whose stored secret differs from the one given. */
  replacedSecrets: ReadonlySet<string>;
}

/** What applying would change, and what was changed by hand since the last time; `unchanged` counts the rest. Pure. */
export function compare(input: Comparison): { changes: DeclaredChange[]; unchanged: number } {
  const presentById = new Map(input.present.map((thing) => [mark(thing.kind, thing.id), thing]));
  const presentByKey = new Map(input.present.map((thing) => [mark(thing.kind, thing.key), thing]));
  const ownedByKey = new Map(input.owned.map((thing) => [mark(thing.kind, thing.key), thing]));
  const changes: DeclaredChange[] = [];
  const accounted = new Set<string>();
  let unchanged = 0;
  for (const declared of input.declared) {
    const owned = ownedByKey.get(mark(declared.kind, declared.key));
    // Renamed by hand it is still the one that was applied.
    const byOwner = owned && presentById.get(mark(owned.kind, owned.id));
    const now = byOwner ?? presentByKey.get(mark(declared.kind, declared.key));
    if (now) accounted.add(mark(now.kind, now.id));
    const change = changeOf(declared, now, owned, input.replacedSecrets);
    if (change) changes.push(change);
    else unchanged++;
  }
  for (const owned of input.owned) {
    const now = presentById.get(mark(owned.kind, owned.id));
    if (!now || accounted.has(mark(now.kind, now.id))) continue;
    const op = input.prune ? "delete" : "keep";
    const drift = differences(owned.applied, now.fields);
    changes.push({ op, kind: now.kind, key: now.key, id: now.id, pointer: "", fields: [], drift, wasDeleted: false });
  }
  return { changes, unchanged };
}

function changeOf(
  declared: DeclaredThing,
  now: PresentThing | undefined,
  owned: OwnedThing | undefined,
  replacedSecrets: ReadonlySet<string>,
): DeclaredChange | null {
  const { kind, key, pointer } = declared;
  const same = { kind, key, pointer };
  const wanted = settled(declared, now);
  if (!now) {
    const fields = differences({}, wanted);
    return { ...same, op: "create", id: null, fields, drift: [], wasDeleted: owned !== undefined };
  }
  const fields = differences(now.fields, wanted);
  if (kind === "credential" && replacedSecrets.has(key))
    fields.push({ field: "secret", before: "stored", after: "new" });
  const isOwned = owned !== undefined && owned.id === now.id;
  const drift = isOwned ? differences(owned.applied, now.fields) : [];
  const change = { ...same, id: now.id, fields, drift, wasDeleted: false };
  if (fields.length > 0) return { ...change, op: "update" };
  return isOwned ? null : { ...change, op: "adopt" };
}

/** The time of a deprecation that the declaration leaves open is the one that was set when it was deprecated. */
function settled({ kind, fields }: DeclaredThing, now: PresentThing | undefined): Fields {
  if (kind !== "routeVersion" || fields.status !== "deprecated" || fields.deprecatedAt !== null) return fields;
  return { ...fields, deprecatedAt: now?.fields.deprecatedAt ?? null };
}

function mark(kind: string, name: string): string {
  return `${kind} ${name}`;
}
