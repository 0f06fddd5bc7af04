import type { ClientBase } from "pg";
import { z } from "zod";
import type { TableHead } from "./frames.ts";

/** Where the migration engine keeps its own books. */
const MIGRATIONS_TABLE = "_prisma_migrations";

const Tables = z.array(z.object({ name: z.string(), columns: z.array(z.string()), refers: z.array(z.string()) }));

/**
 * Every table there is with its columns, each after the tables that it refers to. Partitions are left to their table, as
 * are columns that the database computes. Nothing is named here, so that a new table is in the next backup by itself.
 */
export async function readTables(client: ClientBase): Promise<TableHead[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       ARRAY(SELECT DISTINCT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND r.oid <> c.oid) AS refers
     FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> $1 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname`,
    [MIGRATIONS_TABLE],
  );
  return ordered(Tables.parse(rows));
}

function ordered(tables: z.infer<typeof Tables>): TableHead[] {
  const placed = new Set<string>();
  const order: TableHead[] = [];
  while (order.length < tables.length) {
    const ready = tables.filter(({ name, refers }) => !placed.has(name) && refers.every((other) => placed.has(other)));
    if (ready.length === 0) throw new Error("Tables refer to each other in a circle");
    for (const { name, columns } of ready) {
      placed.add(name);
      order.push({ name, columns });
    }
  }
  return order;
}

/** Names of the migrations that a database has applied, in order; empty for a database that has none. */
export async function appliedMigrations(client: ClientBase): Promise<string[]> {
  const { rows: known } = await client.query("SELECT to_regclass($1) IS NOT NULL AS is_there", [
    `public.${MIGRATIONS_TABLE}`,
  ]);
  if (!known[0]?.is_there) return [];
  const { rows } = await client.query(
    `SELECT migration_name FROM ${MIGRATIONS_TABLE} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
     ORDER BY migration_name`,
  );
  return z
    .array(z.object({ migration_name: z.string() }))
    .parse(rows)
    .map((row) => row.migration_name);
}

/** An identifier as SQL wants it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table with its columns, for COPY. */
export function columnList(columns: readonly string[]): string {
  return columns.map(quoted).join(", ");
}
