import type { NodeGroup } from "#prisma/generated/client.ts";
import { Utilisation } from "../../contract/node-protocol.ts";
import type { Tx } from "../../db/client.ts";
import { etagOf } from "../etag.ts";
import { OFFLINE_AFTER_MS } from "../node/view.ts";
import { scalingFigures } from "../scaling/decide.ts";
import { ScalingPolicy } from "../scaling/schemas.ts";
import { Observed } from "./observed.ts";
import { NodeGroupDriver, type NodeGroupView } from "./schemas.ts";

/** A group's row without what it signs with. */
export type GroupRow = Omit<NodeGroup, "sealedSecret">;

/** What of a group's nodes counts: how many there are, and the reports of those that serve. */
export interface GroupNodes {
  total: number;
  reports: Utilisation[];
}

/** The nodes of some groups, by the groups' names. */
export async function nodesByGroup(tx: Tx, names: readonly string[], now: Date): Promise<Map<string, GroupNodes>> {
  const rows = await tx.node.findMany({
    where: { group: { in: [...names] }, revokedAt: null, stoppedAt: null },
    select: { group: true, state: true, isDraining: true, lastSeenAt: true, utilisation: true },
  });
  const since = now.getTime() - OFFLINE_AFTER_MS;
  const groups = new Map(names.map((name): [string, GroupNodes] => [name, { total: 0, reports: [] }]));
  for (const row of rows) {
    const nodes = groups.get(row.group);
    if (nodes === undefined) continue;
    nodes.total += 1;
    const isServing = row.state === "serving" && !row.isDraining && (row.lastSeenAt?.getTime() ?? 0) >= since;
    const utilisation = isServing ? Utilisation.safeParse(row.utilisation) : undefined;
    if (utilisation?.success) nodes.reports.push(utilisation.data);
  }
  return groups;
}

/** The parts of a group that a person writes, as the row holds them. */
export function groupFields({ name, description, driver, scaling }: GroupRow) {
  return {
    name,
    description,
    driver: NodeGroupDriver.parse(driver),
    scaling: ScalingPolicy.nullable().parse(scaling),
  };
}

/** A group with how busy it is. */
export function groupView(row: GroupRow, nodes: GroupNodes): NodeGroupView {
  const fields = groupFields(row);
  const size = row.wantedNodes ?? nodes.reports.length;
  return {
    id: row.id,
    ...fields,
    nodes: { total: nodes.total, serving: nodes.reports.length },
    wantedNodes: row.wantedNodes,
    load: fields.scaling === null ? null : scalingFigures(fields.scaling, size, nodes.reports),
    observed: Observed.nullable().parse(row.observed),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** One group's view, with its nodes read. */
export async function readGroupView(tx: Tx, row: GroupRow, now: Date): Promise<NodeGroupView> {
  const nodes = (await nodesByGroup(tx, [row.name], now)).get(row.name);
  return groupView(row, nodes ?? { total: 0, reports: [] });
}
