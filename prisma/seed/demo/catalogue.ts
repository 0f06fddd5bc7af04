import { z } from "zod";
import type { PriceDocument } from "#lib/contract/policy-document.ts";
import { PlanRateLimit } from "#lib/contract/rate-limit.ts";
import type { Tx } from "#lib/db/client.ts";
import { findPrice } from "#lib/domain/pricing/catalogue.ts";
import { NODES, type NodeRole, PERSONAS, type Persona } from "./cast.ts";

/** What the calls refer to, as the database has it. */
export interface Catalogue {
  callers: readonly Caller[];
  nodes: readonly (NodeRole & { id: string })[];
  /** By "name@version". */
  versions: ReadonlyMap<string, Version>;
  /** The versions of a route, oldest first, with the time since when each was the default. */
  defaults: ReadonlyMap<string, readonly { version: string; sinceMs: number }[]>;
  /** Revisions by the time of their publication, oldest first. */
  revisions: readonly { number: number; atMs: number }[];
  prices: ReadonlyMap<string, PriceDocument>;
}

export interface Caller {
  persona: Persona;
  teamId: string;
  consumerId: string;
  keyIds: readonly string[];
  /** Requests a minute that its plan allows. */
  limit: { limit: number; windowSeconds: number };
  planRoutes: readonly string[];
}

export interface Version {
  strategy: string;
  attempts: number;
  targets: readonly { id: string; upstreamId: string; upstreamName: string; model: string; weight: number }[];
}

/** When which version became the default, in days before now: the policy's history as the seed tells it. */
const DEFAULTS: Record<string, readonly [version: string, daysAgo: number][]> = {
  default: [["1.0.0", 90]],
  smart: [
    ["1.0.0", 90],
    ["1.1.0", 55],
    ["2.0.0", 21],
  ],
  fast: [
    ["1.0.0", 90],
    ["1.1.0", 34],
  ],
  embed: [["1.0.0", 90]],
};

/** Reads what the seed has made before. */
export async function readCatalogue(tx: Tx, nowMs: number): Promise<Catalogue> {
  const consumers = await tx.consumer.findMany({ include: { apiKeys: { orderBy: { id: "asc" } } } });
  const plans = new Map((await tx.plan.findMany()).map((plan) => [plan.name, plan]));
  const upstreams = new Map((await tx.upstream.findMany()).map((upstream) => [upstream.id, upstream.name]));
  const routes = await tx.route.findMany({
    include: { versions: { include: { targets: { orderBy: { position: "asc" } } } } },
  });
  const nodes = new Map((await tx.node.findMany()).map((node) => [node.name, node.id]));
  const revisions = await tx.revision.findMany({
    select: { number: true, createdAt: true },
    orderBy: { createdAt: "asc" },
  });
  const versions = new Map(
    routes.flatMap((route) =>
      route.versions.map((version): [string, Version] => [
        `${route.name}@${version.number}`,
        {
          strategy: version.strategy,
          attempts: attemptsOf(version.retry),
          targets: version.targets.map((target) => ({
            ...target,
            upstreamName: upstreams.get(target.upstreamId) ?? target.upstreamId,
          })),
        },
      ]),
    ),
  );
  return {
    callers: PERSONAS.map((persona) => callerOf(persona, consumers, plans)),
    nodes: NODES.map((node) => ({ ...node, id: nodes.get(node.name) ?? "" })),
    versions,
    defaults: new Map(
      Object.entries(DEFAULTS).map(([route, steps]) => [
        route,
        steps.map(([version, daysAgo]) => ({ version, sinceMs: nowMs - daysAgo * 86_400_000 })),
      ]),
    ),
    revisions: revisions.map(({ number, createdAt }) => ({ number, atMs: createdAt.getTime() })),
    prices: pricesOf(versions, new Date(nowMs)),
  };
}

function callerOf(
  persona: Persona,
  consumers: readonly { id: string; name: string; teamId: string; apiKeys: { id: string; name: string }[] }[],
  plans: ReadonlyMap<string, { rateLimits: unknown; routes: unknown }>,
): Caller {
  const consumer = consumers.find(({ name }) => name === persona.name);
  const plan = plans.get(persona.plan);
  if (!consumer || !plan) throw new Error(`The seed has not made ${persona.name} or its plan`);
  const limits = PlanRateLimit.array().parse(plan.rateLimits);
  const first = limits.find((limit) => limit.metric === "requests");
  return {
    persona,
    teamId: consumer.teamId,
    consumerId: consumer.id,
    keyIds: consumer.apiKeys.filter((key) => persona.keys.includes(key.name)).map((key) => key.id),
    limit: first === undefined || first.metric === "concurrency" ? { limit: 60, windowSeconds: 60 } : first,
    planRoutes: z.array(z.string()).parse(plan.routes),
  };
}

function attemptsOf(retry: unknown): number {
  return z.object({ attempts: z.int() }).parse(retry).attempts;
}

function pricesOf(versions: ReadonlyMap<string, Version>, at: Date): Map<string, PriceDocument> {
  const models = new Set([...versions.values()].flatMap(({ targets }) => targets.map(({ model }) => model)));
  return new Map(
    [...models].flatMap((model): [string, PriceDocument][] => {
      const price = findPrice("openai", model, at);
      return price ? [[model, price]] : [];
    }),
  );
}
