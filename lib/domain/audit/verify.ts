import { z } from "zod";
import type { Tx } from "../../db/client.ts";
import { requirePermission } from "../authorize.ts";
import type { Context } from "../context.ts";
import { parseInput } from "../parse-input.ts";
import { query, type Verb } from "../verb.ts";
import { CHAIN_START, type ChainedRow, chainHash, type PersonalRow, personalHash } from "./chain.ts";
import { AuditProblem, VerifyInput, VerifyView } from "./schemas.ts";

const CHUNK = 1_000;
const Place = z.object({ sequence: z.int(), hash: z.string() });
type Place = z.infer<typeof Place>;

/**
 * Recomputes the whole chain and finds what was edited, deleted, inserted or put into another order behind the
 * programs' back. Goes on in short transactions and bounded memory, however long the chain. What it cannot see by
 * itself is an end that was cut off together with the note of how far the chain goes: keep `head` elsewhere and pass
 * it the next time.
 */
export const verifyAudit: Verb<typeof VerifyInput, typeof VerifyView> = Object.assign(
  async (ctx: Context, input: z.input<typeof VerifyInput>) => {
    requirePermission(ctx.actor, "audit.verify");
    const { head } = parseInput(VerifyInput, input);
    let place: Place = { sequence: 0, hash: CHAIN_START };
    let isHeadSeen = head === undefined || head === CHAIN_START;
    let problem: AuditProblem | null = null;
    for (let isEnd = false; !isEnd && !problem; ) {
      const chunk: z.infer<typeof Chunk> = await verifyChunk(ctx, { after: place, head });
      ({ place, problem, isEnd } = chunk);
      isHeadSeen ||= chunk.isHeadSeen;
    }
    const counts = await countAudit(ctx, {});
    problem ??= cutOff(place, counts.sealedThrough);
    if (!isHeadSeen) problem ??= missingHead(place);
    return {
      valid: problem === null,
      entries: counts.entries,
      sealed: counts.sealed,
      unsealed: Math.max(0, counts.entries - counts.sealed),
      head: place.hash,
      firstProblem: problem,
    };
  },
  {
    verbName: "audit.verify",
    kind: "query",
    permission: "audit.verify",
    input: VerifyInput,
    output: VerifyView,
  } as const,
);

const Chunk = z.object({
  place: Place,
  problem: AuditProblem.nullable(),
  isHeadSeen: z.boolean(),
  isEnd: z.boolean(),
});

const verifyChunk = query({
  name: "audit.verifyChunk",
  permission: "audit.verify",
  input: z.object({ after: Place, head: z.string().optional() }),
  output: Chunk,
  async run({ tx }, { after, head }) {
    const rows = await readChunk(tx, after.sequence);
    let place = after;
    let isHeadSeen = false;
    for (const row of rows) {
      const problem = problemAt(row, place);
      if (problem) return { place, problem, isHeadSeen, isEnd: true };
      place = { sequence: Number(row.sequence), hash: row.hash };
      if (row.hash === head) isHeadSeen = true;
    }
    return { place, problem: null, isHeadSeen, isEnd: rows.length < CHUNK };
  },
});

const countAudit = query({
  name: "audit.count",
  permission: "audit.verify",
  input: z.strictObject({}),
  output: z.object({ entries: z.int(), sealed: z.int(), sealedThrough: z.int() }),
  async run({ tx }) {
    const [row] = await tx.$queryRaw<{ entries: bigint; sealed: bigint; sealed_through: bigint | null }[]>`
      SELECT (SELECT count(*) FROM audit_entry) AS entries, (SELECT count(*) FROM audit_seal) AS sealed,
        (SELECT value FROM sequence WHERE name = 'audit') AS sealed_through`;
    return {
      entries: Number(row?.entries),
      sealed: Number(row?.sealed),
      sealedThrough: Number(row?.sealed_through ?? 0),
    };
  },
});

/** A seal with its entry and the personal half, where these still exist. */
type SealedRow = { sequence: bigint; entry_id: string; previous_hash: string; hash: string } & (
  | ChainedRow
  | { id: null; personal_sha256: null }
) &
  (PersonalRow | { salt: null });

async function readChunk(tx: Tx, after: number): Promise<SealedRow[]> {
  return tx.$queryRaw<SealedRow[]>`
    SELECT seal.sequence, seal.entry_id, seal.previous_hash, seal.hash,
      entry.id, entry.at, entry.actor_kind, entry.actor_id, entry.action, entry.outcome, entry.resource,
      entry.resource_id, entry.resource_name, entry.team_id, entry.request_id, entry.before, entry.after,
      entry.personal_sha256, entry.transaction_id::text,
      personal.salt, personal.actor_name, personal.address, personal.user_agent
    FROM audit_seal seal
    LEFT JOIN audit_entry entry ON entry.id = seal.entry_id
    LEFT JOIN audit_personal personal ON personal.entry_id = seal.entry_id
    WHERE seal.sequence > ${after} ORDER BY seal.sequence LIMIT ${CHUNK}`;
}

function problemAt(row: SealedRow, previous: Place): AuditProblem | null {
  const sequence = Number(row.sequence);
  const at = (code: AuditProblem["code"], detail: string) => ({ code, sequence, entryId: row.entry_id, detail });
  if (sequence !== previous.sequence + 1)
    return at("seal_missing", `Between ${previous.sequence} and ${sequence} the chain has no link.`);
  if (row.previous_hash !== previous.hash)
    return at("chain_broken", "This link does not continue the one before it: a link was changed, or put elsewhere.");
  if (row.id === null) return at("entry_missing", "The entry of this link was deleted.");
  if (chainHash(row, previous.hash) !== row.hash)
    return at("entry_changed", "The entry of this link is not what was sealed.");
  if (row.salt !== null && personalHash(row) !== row.personal_sha256)
    return at("personal_changed", "The actor's name or address of this entry is not what was recorded.");
  return null;
}

function cutOff(end: Place, sealedThrough: number): AuditProblem | null {
  if (sealedThrough <= end.sequence) return null;
  const detail = `The chain ends at ${end.sequence} and has reached ${sealedThrough} before: its end was cut off.`;
  return { code: "seal_missing", sequence: end.sequence + 1, entryId: null, detail };
}

function missingHead(end: Place): AuditProblem {
  const detail = "The chain does not contain the head that was noted before: entries were deleted or rewritten.";
  return { code: "head_missing", sequence: end.sequence, entryId: null, detail };
}
