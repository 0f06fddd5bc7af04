import { NodeSupervisor, Utilisation } from "../../../contract/node-protocol.ts";
import type { Tx } from "../../../db/client.ts";
import { OFFLINE_AFTER_MS } from "../../node/view.ts";
import { DriverFailed, type DriverFindings } from "./driver.ts";

/**
 * The nodes of one supervisor (gateway/local-nodes.ts), which hears what is wanted with the answers to its nodes' reports.
 * With several supervisors in a group one is scaled, the same one as long as it is there: nodes of another machine, and
 * nodes without a supervisor, stay as they are and do not count.
 */
export async function localFindings(
  tx: Tx,
  group: { name: string; wantedNodes: number | null; supervisor: string | null },
  now: Date,
): Promise<DriverFindings> {
  const rows = await tx.node.findMany({
    where: { group: group.name, revokedAt: null, stoppedAt: null },
    select: { supervisor: true, state: true, isDraining: true, lastSeenAt: true, utilisation: true },
    orderBy: { id: "asc" },
  });
  const since = now.getTime() - OFFLINE_AFTER_MS;
  const nodes = rows.flatMap((row) => {
    const supervisor = NodeSupervisor.safeParse(row.supervisor);
    const isFresh = (row.lastSeenAt?.getTime() ?? 0) >= since;
    return supervisor.success && isFresh ? [{ ...row, supervisor: supervisor.data }] : [];
  });
  const chosen = nodes.find((node) => node.supervisor.id === group.supervisor) ?? nodes[0];
  if (chosen === undefined)
    throw new DriverFailed(
      "No node of this group runs under a supervisor of one machine: start it with GATEWAY_NODES_MAX above 1.",
    );
  const { id, nodesMax } = chosen.supervisor;
  const own = nodes.filter((node) => node.supervisor.id === id);
  const reports = own.flatMap((node) => {
    const utilisation = Utilisation.safeParse(node.utilisation);
    return node.state === "serving" && !node.isDraining && utilisation.success ? [utilisation.data] : [];
  });
  return { nodes: group.wantedNodes ?? own.length, nodesMax, reports, supervisor: id };
}
