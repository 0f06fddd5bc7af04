import { PolicyDocument } from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";
import { openRollout } from "../rollout/open.ts";

/** The newest revision, which nodes run or are on their way to. Number 0 with an empty document before the first publish. */
export async function activeRevision(tx: Tx): Promise<{ number: number; document: PolicyDocument }> {
  const row = await tx.revision.findFirst({ orderBy: { number: "desc" }, select: { number: true, document: true } });
  if (!row) return { number: 0, document: EMPTY };
  return { number: row.number, document: PolicyDocument.parse(JSON.parse(row.document)) };
}

/** What the other nodes run while some have the newest as a canary; null when every node is to have the newest. */
export async function revisionBesideCanary(tx: Tx): Promise<{ number: number; document: PolicyDocument } | null> {
  const open = await openRollout(tx);
  if (!open) return null;
  const { number, document } = await tx.revision.findUniqueOrThrow({ where: { number: open.baseline } });
  return { number, document: PolicyDocument.parse(JSON.parse(document)) };
}

const EMPTY: PolicyDocument = {
  schemaVersion: 1,
  upstreams: [],
  plans: [],
  routes: [],
  prices: { version: "none", entries: [] },
};
