import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { mutation } from "../verb.ts";
import { CHAIN_START, type ChainedRow, chainHash } from "./chain.ts";
import { SealInput, SealView } from "./schemas.ts";

/** Any constant that nobody else locks. */
const SEALER_LOCK = 7_185_203_312;

/**
 * Chains committed entries that are not chained yet, in the order of their transactions. One sealer at a time: another
 * one seals nothing. An entry counts as committed for good when every transaction that began before its own has ended,
 * so that nothing can still appear before what is sealed.
 */
export const sealAudit = mutation({
  name: "audit.seal",
  permission: "audit.verify",
  input: SealInput,
  output: SealView,
  async run({ tx }, { everything, limit }) {
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`SELECT pg_try_advisory_xact_lock(${SEALER_LOCK}) AS held`;
    const last = await lastSeal(tx);
    if (!lock?.held) return { output: { sealed: 0, more: false, ...placeOf(last) }, audit: "unchanged" };
    const rows = await unsealed(tx, everything || !last?.is_settled ? undefined : last, limit);
    const seals = chain(rows, placeOf(last));
    if (seals.length > 0) await insertSeals(tx, seals);
    const place = seals.at(-1) ?? placeOf(last);
    const output = { sealed: rows.length, more: rows.length === limit, sequence: place.sequence, head: place.head };
    return { output, audit: "unchanged" };
  },
});

interface LastSeal {
  sequence: bigint;
  hash: string;
  entry_id: string;
  /** Null when the entry was deleted. */
  transaction_id: string | null;
  is_settled: boolean | null;
}

const placeOf = (last: LastSeal | undefined) => ({
  sequence: Number(last?.sequence ?? 0),
  head: last?.hash ?? CHAIN_START,
});

async function lastSeal(tx: Tx): Promise<LastSeal | undefined> {
  const [last] = await tx.$queryRaw<LastSeal[]>`
    SELECT seal.sequence, seal.hash, seal.entry_id, entry.transaction_id::text,
      entry.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) AS is_settled
    FROM audit_seal seal LEFT JOIN audit_entry entry ON entry.id = seal.entry_id
    ORDER BY seal.sequence DESC LIMIT 1`;
  return last;
}

/** The next entries to seal: after the last sealed one or, without it, wherever they are. */
async function unsealed(tx: Tx, last: LastSeal | undefined, limit: number): Promise<ChainedRow[]> {
  const settled = Prisma.sql`entry.transaction_id < pg_snapshot_xmin(pg_current_snapshot())`;
  // What is visible and yet numbered beyond all transactions comes from the cluster that a backup was taken of.
  const restored = Prisma.sql`entry.transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`;
  const where = last
    ? Prisma.sql`(entry.transaction_id, entry.id) > (${last.transaction_id}::xid8, ${last.entry_id}) AND ${settled}`
    : Prisma.sql`(${settled} OR ${restored})`;
  return tx.$queryRaw<ChainedRow[]>`
    SELECT entry.id, entry.at, entry.actor_kind, entry.actor_id, entry.action, entry.outcome, entry.resource,
      entry.resource_id, entry.resource_name, entry.team_id, entry.request_id, entry.before, entry.after,
      entry.personal_sha256, entry.transaction_id::text
    FROM audit_entry entry
    WHERE ${where} AND NOT EXISTS (SELECT FROM audit_seal seal WHERE seal.entry_id = entry.id)
    ORDER BY entry.transaction_id, entry.id LIMIT ${limit}`;
}

interface Seal {
  sequence: number;
  entryId: string;
  previousHash: string;
  head: string;
}

function chain(rows: readonly ChainedRow[], from: { sequence: number; head: string }): Seal[] {
  const seals: Seal[] = [];
  let { sequence, head } = from;
  for (const row of rows) {
    const previousHash = head;
    head = chainHash(row, previousHash);
    sequence += 1;
    seals.push({ sequence, entryId: row.id, previousHash, head });
  }
  return seals;
}

/** Writes seals and how far they go: the second is how a cut-off end of the chain is noticed. */
async function insertSeals(tx: Tx, seals: readonly Seal[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO audit_seal (sequence, entry_id, previous_hash, hash)
    SELECT sequence, "entryId", "previousHash", head
    FROM json_to_recordset(${JSON.stringify(seals)}::json)
      AS seal(sequence bigint, "entryId" text, "previousHash" text, head text)
    ORDER BY sequence`;
  await tx.$executeRaw`
    INSERT INTO sequence AS present (name, value) VALUES ('audit', ${seals.at(-1)?.sequence ?? 0}::bigint)
    ON CONFLICT (name) DO UPDATE SET value = greatest(present.value, excluded.value)`;
}
