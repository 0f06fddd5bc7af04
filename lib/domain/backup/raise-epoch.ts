import type pg from "pg";
import { z } from "zod";
import { nextEpoch } from "../node/next-epoch.ts";

const Before = z.tuple([z.object({ epoch: z.int(), revision: z.int() })]);

/** How things stand after a restore: the epoch, and the newest revision; 0 where nothing was ever published. */
export interface Restored {
  epoch: number;
  revision: number;
}

/**
 * Raises the epoch above that of the backup and of what was there before, in the transaction that restores: nodes that have
 * seen later revisions than the backup holds take what is of a later epoch, whatever its number. What nodes rejected before
 * says nothing of what they are offered now.
 */
export async function raiseEpoch(client: pg.Client, epochBefore: number, now: Date): Promise<Restored> {
  const { rows } = await client.query(
    "SELECT epoch, coalesce((SELECT max(number) FROM revision), 0) AS revision FROM installation",
  );
  const [{ epoch: ofBackup, revision }] = Before.parse(rows);
  const epoch = nextEpoch(Math.max(ofBackup, epochBefore), now);
  await client.query("UPDATE installation SET epoch = $1", [epoch]);
  await client.query("UPDATE node SET rejected_revisions = '{}'");
  return { epoch, revision };
}
