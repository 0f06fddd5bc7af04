import type { NodeEvent as NodeEventRow } from "#prisma/generated/client.ts";
import { type NodeEvent, NodeEventKind } from "../../contract/node-event.ts";
import type { Tx } from "../../db/client.ts";
import { notFound } from "../errors.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { NodeEventListInput, NodeEventPage, type NodeEventView } from "./schemas.ts";

/** Keeps what a node reported; what is here already stays as it is. */
export async function storeEvents(tx: Tx, nodeId: string, events: readonly NodeEvent[], now: Date): Promise<void> {
  const data = events.map((event) => ({ ...event, nodeId, at: new Date(event.at), receivedAt: now }));
  await tx.nodeEvent.createMany({ data, skipDuplicates: true });
}

/** What changed in the health of what a node calls, newest first. 404 for a node that was removed. */
export const listNodeEvents = query({
  name: "node.listEvents",
  permission: "node.read",
  input: NodeEventListInput,
  output: NodeEventPage,
  async run(ctx, { id, ...input }) {
    const node = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!node) throw notFound("node");
    const page = pageQuery(input);
    const rows = await ctx.tx.nodeEvent.findMany({ ...page, where: { ...page.where, nodeId: id } });
    return eventPage(ctx.tx, rows, input.limit);
  },
});

/** What changed in the health of an upstream, its targets and credentials on every node, newest first. 404. */
export const listUpstreamEvents = query({
  name: "upstream.listEvents",
  permission: "upstream.read",
  input: NodeEventListInput,
  output: NodeEventPage,
  async run(ctx, { id, ...input }) {
    const upstream = await ctx.tx.upstream.findUnique({ where: { id } });
    if (!upstream) throw notFound("upstream");
    const page = pageQuery(input);
    const rows = await ctx.tx.nodeEvent.findMany({ ...page, where: { ...page.where, upstreamId: id } });
    return eventPage(ctx.tx, rows, input.limit);
  },
});

async function eventPage(tx: Tx, rows: NodeEventRow[], limit: number) {
  const names = await namesOf(tx, rows);
  return toPage(rows, limit, (row): NodeEventView => {
    const { id, at, kind, reason, nodeId, upstreamId, targetId, credentialId } = row;
    return {
      id,
      at: at.toISOString(),
      kind: NodeEventKind.parse(kind),
      reason,
      node: { id: nodeId, name: names.nodes.get(nodeId) ?? null },
      upstream: { id: upstreamId, name: names.upstreams.get(upstreamId) ?? null },
      target: targetId === null ? null : { id: targetId, ...(names.targets.get(targetId) ?? GONE) },
      credential:
        credentialId === null ? null : { id: credentialId, name: names.credentials.get(credentialId) ?? null },
    };
  });
}

const GONE = { route: null, model: null };

/** The names of everything that the events are about, as the draft has them. */
async function namesOf(tx: Tx, rows: NodeEventRow[]) {
  const named = (ids: (string | null)[]) => ({
    where: { id: { in: [...new Set(ids.filter((id) => id !== null))] } },
    select: { id: true, name: true } as const,
  });
  const nodes = await tx.node.findMany(named(rows.map((row) => row.nodeId)));
  const upstreams = await tx.upstream.findMany(named(rows.map((row) => row.upstreamId)));
  const credentials = await tx.credential.findMany(named(rows.map((row) => row.credentialId)));
  const targets = await tx.target.findMany({
    where: named(rows.map((row) => row.targetId)).where,
    include: { routeVersion: { include: { route: { select: { name: true } } } } },
  });
  const byId = (all: { id: string; name: string }[]) => new Map(all.map(({ id, name }) => [id, name]));
  return {
    nodes: byId(nodes),
    upstreams: byId(upstreams),
    credentials: byId(credentials),
    targets: new Map(
      targets.map(({ id, model, routeVersion }) => [
        id,
        { model, route: `${routeVersion.route.name}@${routeVersion.number}` },
      ]),
    ),
  };
}
