import { PolicyDocument } from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";

/** The revision that nodes are to run: the newest. Number 0 with an empty document before the first publish. */
export async function activeRevision(tx: Tx): Promise<{ number: number; document: PolicyDocument }> {
  const row = await tx.revision.findFirst({ orderBy: { number: "desc" }, select: { number: true, document: true } });
  if (!row) return { number: 0, document: EMPTY };
  return { number: row.number, document: PolicyDocument.parse(JSON.parse(row.document)) };
}

const EMPTY: PolicyDocument = {
  schemaVersion: 1,
  upstreams: [],
  plans: [],
  routes: [],
  prices: { version: "none", entries: [] },
};
