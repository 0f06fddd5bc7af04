import type { Tx } from "../../db/client.ts";
import type { AuditFact } from "../audit/write.ts";
import { newId } from "../new-id.ts";

/** Makes the group that something names unless it is there, and tells what the audit shall say of that. */
export async function ensureNodeGroup(tx: Tx, name: string): Promise<AuditFact[]> {
  const id = newId("ngr");
  const { count } = await tx.nodeGroup.createMany({ data: [{ id, name }], skipDuplicates: true });
  return count === 0 ? [] : [{ resource: "nodeGroup", id, name, after: { name, description: "" } }];
}
