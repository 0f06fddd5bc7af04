import type pg from "pg";
import { z } from "zod";
import { unseal } from "../../crypto/seal.ts";
import { privateKeyFromPem, signJson } from "../../crypto/signing.ts";

/** How things stand after a restore. */
export interface Restored {
  epoch: number;
  /** The revision that nodes get; 0 where nothing was ever published. */
  revision: number;
  tables?: number;
}

const Key = z.object({ id: z.string(), sealed_key: z.instanceof(Uint8Array) });
const Source = z.object({ number: z.int(), sha256: z.string() });
const Newest = z.object({ number: z.int().nullable() });

/**
 * Raises the epoch, and gives the policy that prevailed a number in it: nodes that have seen later revisions than the backup
 * holds take what is of a later epoch, whatever its number. A canary that was under way is over, its policy left out.
 */
export async function raiseEpoch(
  client: pg.Client,
  { masterKey, epochBefore, now, createdAt }: { masterKey: Buffer; epochBefore: number; now: Date; createdAt: string },
): Promise<Restored> {
  const { rows: raised } = await client.query(
    "UPDATE installation SET epoch = greatest(epoch, $1::int) + 1 RETURNING epoch",
    [epochBefore],
  );
  const [{ epoch }] = z.tuple([z.object({ epoch: z.int() })]).parse(raised);
  const { rows: newest } = await client.query("SELECT max(number) AS number FROM revision");
  const last = Newest.parse(newest[0]).number;
  if (last === null) return { epoch, revision: 0 };
  const number = last + 1;
  const source = await prevailing(client, last, number, now);
  const { rows: keys } = await client.query("SELECT id, sealed_key FROM signing_key WHERE id = 'control'");
  const key = Key.parse(keys[0]);
  const privateKey = privateKeyFromPem(unseal(masterKey, key.sealed_key, ["signingKey", key.id]));
  const header = { epoch, number, parent: last, sha256: source.sha256 };
  const change = {
    ...header,
    signature: signJson(privateKey, header),
    kind: "rollback",
    rolled_back_to: source.number,
    note: `Restored from the backup of ${createdAt}`,
    author_id: "system",
    author_name: "Turnpike",
    created_at: now.toISOString(),
  };
  await client.query(
    "INSERT INTO revision SELECT (jsonb_populate_record(r, $1::jsonb)).* FROM revision r WHERE r.number = $2",
    [JSON.stringify(change), source.number],
  );
  await client.query(
    `INSERT INTO sequence AS present (name, value) VALUES ('revision', $1)
     ON CONFLICT (name) DO UPDATE SET value = greatest(present.value, excluded.value)`,
    [number],
  );
  return { epoch, revision: number };
}

/** The revision whose policy nodes are to have again: before an unfinished canary, the one that the others ran. */
async function prevailing(
  client: pg.Client,
  last: number,
  endedBy: number,
  now: Date,
): Promise<z.infer<typeof Source>> {
  const { rows: known } = await client.query("SELECT to_regclass('public.rollout') IS NOT NULL AS is_there");
  let number = last;
  if (known[0]?.is_there) {
    const { rows } = await client.query(
      "UPDATE rollout SET state = 'rolled_back', ended_at = $1, ended_by = $2 WHERE ended_at IS NULL RETURNING baseline",
      [now, endedBy],
    );
    const [open] = z.array(z.object({ baseline: z.int() })).parse(rows);
    number = open?.baseline ?? last;
  }
  const { rows } = await client.query("SELECT number, sha256 FROM revision WHERE number = $1", [number]);
  return Source.parse(rows[0]);
}
