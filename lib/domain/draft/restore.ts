import { z } from "zod";
import type {
  PlanDocument,
  PolicyDocument,
  PriceDocument,
  RouteDocument,
  RouteVersionDocument,
  UpstreamDocument,
} from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";
import { newId } from "../new-id.ts";
import { ruleColumns } from "../route/serving-kind.ts";

// Writes documents back into the tables of policy. Rows that exist are changed and their counters go up, so that whoever
// has one open in a form is told (412); names must be free.

/** Makes the tables say what a document says, and nothing else. */
export async function restorePolicy(tx: Tx, document: PolicyDocument): Promise<void> {
  const { upstreams, plans, routes, prices } = document;
  const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
  await tx.upstream.deleteMany({ where: { id: { notIn: idsOf(upstreams) } } });
  await tx.plan.deleteMany({ where: { id: { notIn: idsOf(plans) } } });
  await tx.route.deleteMany({ where: { id: { notIn: idsOf(routes) } } });
  // Names are unique: free them all before any is given back.
  for (const { id } of upstreams) await tx.upstream.updateMany({ where: { id }, data: { name: id } });
  for (const { id } of plans) await tx.plan.updateMany({ where: { id }, data: { name: id } });
  for (const { id } of routes) await tx.route.updateMany({ where: { id }, data: { name: id } });
  for (const upstream of upstreams) await restoreUpstream(tx, upstream);
  for (const plan of plans) await restorePlan(tx, plan);
  for (const route of routes) await restoreRoute(tx, route);
  const overrides = prices.entries.filter((price) => price.isOverride);
  for (const { id, provider, model } of await tx.priceOverride.findMany()) {
    if (!overrides.some((price) => price.provider === provider && price.model === model))
      await tx.priceOverride.delete({ where: { id } });
  }
  for (const price of overrides) await restorePrice(tx, price);
}

/** Writes an upstream back. */
export async function restoreUpstream(tx: Tx, { id, ...data }: UpstreamDocument): Promise<void> {
  const update = { ...data, version: { increment: 1 } };
  await tx.upstream.upsert({ where: { id }, create: { id, ...data }, update });
}

/** Writes a plan back; one that was taken out gets the description back that it had. */
export async function restorePlan(tx: Tx, { id, maxStaleSeconds, ...fields }: PlanDocument): Promise<void> {
  const data = { ...fields, maxStaleSeconds: maxStaleSeconds ?? null };
  const { count } = await tx.plan.updateMany({ where: { id }, data: { ...data, version: { increment: 1 } } });
  if (count === 0) await tx.plan.create({ data: { id, ...data, description: await lostDescription(tx, "plan", id) } });
}

/** Writes a price back as an override. */
export async function restorePrice(tx: Tx, { provider, model, isOverride: _, ...price }: PriceDocument): Promise<void> {
  await tx.priceOverride.upsert({
    where: { provider_model: { provider, model } },
    create: { id: newId("prc"), provider, model, price },
    update: { price, version: { increment: 1 } },
  });
}

/** Writes a route back with its versions, and takes versions out that it has not. */
export async function restoreRoute(tx: Tx, { id, versions, ...data }: RouteDocument): Promise<void> {
  const { count } = await tx.route.updateMany({ where: { id }, data: { ...data, version: { increment: 1 } } });
  if (count === 0)
    await tx.route.create({ data: { id, ...data, description: await lostDescription(tx, "route", id) } });
  await tx.routeVersion.deleteMany({
    where: { routeId: id, number: { notIn: versions.map(({ version }) => version) } },
  });
  // A target's id may stand in another version by now: free them all before any is given back.
  await tx.target.deleteMany({ where: { routeVersion: { routeId: id } } });
  for (const version of versions) await restoreVersion(tx, id, version);
}

async function restoreVersion(tx: Tx, routeId: string, document: RouteVersionDocument): Promise<void> {
  const { version: number, targets, deprecatedAt, sunsetAt, cache, http, ...fields } = document;
  const data = {
    ...fields,
    ...ruleColumns({ cache, http }),
    deprecatedAt: deprecatedAt === null ? null : new Date(deprecatedAt),
    sunsetAt: sunsetAt === null ? null : new Date(sunsetAt),
  };
  const { id: routeVersionId } = await tx.routeVersion.upsert({
    where: { routeId_number: { routeId, number } },
    create: { id: newId("rtv"), routeId, number, ...data },
    update: { ...data, version: { increment: 1 } },
  });
  await tx.target.createMany({ data: targets.map((target, position) => ({ ...target, routeVersionId, position })) });
}

const Described = z.object({ description: z.string() });

/** A description is no part of what nodes run, so that only the history still knows it. */
async function lostDescription(tx: Tx, resource: "plan" | "route", resourceId: string): Promise<string> {
  const deletion = await tx.policyChange.findFirst({
    where: { resource, resourceId, pointer: "" },
    orderBy: [{ entryId: "desc" }, { position: "desc" }],
  });
  const known = Described.safeParse(deletion?.before);
  return known.success ? known.data.description : "";
}
