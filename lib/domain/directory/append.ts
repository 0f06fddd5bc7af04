import { Prisma } from "#prisma/generated/client.ts";
import type { DirectoryApiKey, DirectoryConsumer, DirectoryRouteCache } from "../../contract/directory.ts";
import type { Tx } from "../../db/client.ts";
import { nextInSequence } from "../next-in-sequence.ts";
import { notifyChange } from "../notify.ts";

type Entry =
  | { kind: "consumer"; id: string; body: DirectoryConsumer | null }
  | { kind: "apiKey"; id: string; body: DirectoryApiKey | null }
  | { kind: "routeCache"; id: string; body: DirectoryRouteCache };

/** Puts the latest state of a consumer, a key or a route's cache into the directory log (null: it is gone) and wakes the node streams. */
export async function appendDirectory(tx: Tx, entry: Entry): Promise<void> {
  const sequence = await nextInSequence(tx, "directory");
  const body = entry.body === null ? Prisma.DbNull : entry.body;
  await tx.directoryEntry.upsert({
    where: { kind_id: { kind: entry.kind, id: entry.id } },
    create: { kind: entry.kind, id: entry.id, sequence, body },
    update: { sequence, body },
  });
  await notifyChange(tx, "directory");
}
