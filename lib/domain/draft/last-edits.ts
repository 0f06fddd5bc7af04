import type { Tx } from "../../db/client.ts";
import type { DraftChange } from "./changes.ts";
import type { LastEdit } from "./schemas.ts";

interface EditRow {
  resource: string;
  resource_id: string;
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string | null;
}

/** Who edited each of the changed resources last, and when, by resource and id. A price of the price list is nobody's edit. */
export async function lastEdits(tx: Tx, changes: readonly DraftChange[]): Promise<ReadonlyMap<string, LastEdit>> {
  if (changes.length === 0) return new Map();
  const resources = changes.map(({ resource }) => resource);
  const ids = changes.map(({ id }) => id);
  const rows = await tx.$queryRaw<EditRow[]>`
    SELECT wanted.resource, wanted.resource_id, entry.at, entry.actor_kind, entry.actor_id, personal.actor_name
    FROM unnest(${resources}::text[], ${ids}::text[]) AS wanted(resource, resource_id)
    CROSS JOIN LATERAL (
      SELECT entry_id FROM policy_change change
      WHERE change.resource = wanted.resource AND change.resource_id = wanted.resource_id
      ORDER BY entry_id DESC, position DESC LIMIT 1
    ) latest
    JOIN audit_entry entry ON entry.id = latest.entry_id
    LEFT JOIN audit_personal personal ON personal.entry_id = latest.entry_id`;
  return new Map(
    rows.map((row) => [
      editKey(row.resource, row.resource_id),
      {
        at: row.at.toISOString(),
        actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
      },
    ]),
  );
}

/** The place of a resource in the map. */
export function editKey(resource: string, id: string): string {
  return `${resource} ${id}`;
}
