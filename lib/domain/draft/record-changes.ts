import { Prisma } from "#prisma/generated/client.ts";
import { escapeSegment, type FieldChange, fieldChanges } from "../../contract/field-changes.ts";
import type { Tx } from "../../db/client.ts";
import type { AuditFact } from "../audit/write.ts";

/** A field of the draft that an act changed. */
export interface PolicyChange extends FieldChange {
  resource: "upstream" | "plan" | "route" | "price";
  id: string;
  name: string;
}

/** Members of a view that nobody writes: they say nothing about an edit. */
const NOT_WRITTEN = new Set(["id", "etag", "createdAt", "updatedAt", "consumers", "credentials", "standing", "isDemo"]);

/**
 * Writes which fields of the draft an audited act changed, beside its entry and in its transaction. Acts on anything else
 * than policy write nothing.
 */
export async function recordPolicyChanges(tx: Tx, entryId: string, fact: AuditFact): Promise<void> {
  const changes = fact.policyChanges ?? policyChangesOf(fact);
  if (changes.length === 0) return;
  await tx.policyChange.createMany({
    data: changes.map(({ resource, id, name, pointer, before, after }, position) => ({
      entryId,
      position,
      resource,
      resourceId: id,
      resourceName: name,
      pointer,
      before: column(before),
      after: column(after),
    })),
  });
}

function policyChangesOf(fact: AuditFact): PolicyChange[] {
  const place = placeOf(fact);
  if (place === null || fact.outcome === "refused") return [];
  const { pointer, ...owner } = place;
  return fieldChanges(written(fact.before), written(fact.after), pointer).map((change) => ({ ...owner, ...change }));
}

/** Which resource of the draft an entry is about; a version is a part of its route. */
function placeOf({ resource, id, name, partOf }: AuditFact): Omit<PolicyChange, "before" | "after"> | null {
  switch (resource) {
    case "plan":
    case "upstream":
    case "route":
      return { resource, id, name, pointer: "" };
    case "priceOverride":
      return { resource: "price", id: name, name, pointer: "" };
    case "routeVersion":
      return partOf === undefined
        ? null
        : {
            resource: "route",
            id: partOf.id,
            name: partOf.name,
            pointer: `/versions/${escapeSegment(partOf.version)}`,
          };
    default:
      return null;
  }
}

/** A view without what nobody writes, also within its versions and targets. */
function written(view: unknown): unknown {
  if (Array.isArray(view)) return view.map(written);
  if (typeof view !== "object" || view === null) return view;
  const kept = Object.entries(view).filter(([name]) => !NOT_WRITTEN.has(name) && name !== "upstreamName");
  return Object.fromEntries(kept.map(([name, value]) => [name, written(value)]));
}

/** A value as its column holds it: nothing rather than a JSON null. */
function column(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined || value === null ? Prisma.DbNull : JSON.parse(JSON.stringify(value));
}
