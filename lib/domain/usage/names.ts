import type { z } from "zod";
import type { Tx } from "../../db/client.ts";
import type { Named, NamedKey } from "./schemas.ts";

type Ids = Iterable<string | null | undefined>;

/** The names of the things that calls refer to by id. What was deleted since, or is not the reader's, has none. */
export interface Names {
  team(id: string): z.infer<typeof Named>;
  consumer(id: string): z.infer<typeof Named>;
  apiKey(id: string): z.infer<typeof NamedKey>;
  upstream(id: string): z.infer<typeof Named>;
  node(id: string): z.infer<typeof Named>;
}

/** Looks up all the names of an answer, one query a noun. */
export async function readNames(
  tx: Tx,
  ids: { teams?: Ids; consumers?: Ids; apiKeys?: Ids; upstreams?: Ids; nodes?: Ids },
): Promise<Names> {
  const select = { id: true, name: true } as const;
  const teams = await byId(ids.teams, (where) => tx.team.findMany({ where, select }));
  const consumers = await byId(ids.consumers, (where) => tx.consumer.findMany({ where, select }));
  const apiKeys = await byId(ids.apiKeys, (where) =>
    tx.apiKey.findMany({ where, select: { id: true, name: true, last4: true } }),
  );
  const upstreams = await byId(ids.upstreams, (where) => tx.upstream.findMany({ where, select }));
  const nodes = await byId(ids.nodes, (where) => tx.node.findMany({ where, select }));
  const named = (rows: ReadonlyMap<string, { name: string }>) => (id: string) => ({
    id,
    name: rows.get(id)?.name ?? null,
  });
  return {
    team: named(teams),
    consumer: named(consumers),
    apiKey: (id) => ({ ...named(apiKeys)(id), last4: apiKeys.get(id)?.last4 ?? null }),
    upstream: named(upstreams),
    node: named(nodes),
  };
}

async function byId<Row extends { id: string }>(
  ids: Ids | undefined,
  read: (where: { id: { in: string[] } }) => Promise<Row[]>,
): Promise<Map<string, Row>> {
  const wanted = [...new Set([...(ids ?? [])].filter((id) => typeof id === "string" && id !== ""))];
  if (wanted.length === 0) return new Map();
  const rows = await read({ id: { in: wanted.filter((id) => typeof id === "string") } });
  return new Map(rows.map((row) => [row.id, row]));
}
