import { z } from "zod";
import type { PolicyDocument, RouteDocument } from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";
import { requireEtag } from "../etag.ts";
import { newId } from "../new-id.ts";
import { activeRevision } from "../revision/active.ts";
import { ruleColumns } from "../route/serving-kind.ts";
import { mutation } from "../verb.ts";
import { compileDraft } from "./read.ts";

/** Throws every unpublished edit away: the policy tables are what the active revision says again. 412. */
export const discardDraft = mutation({
  name: "draft.discard",
  permission: "draft.discard",
  input: z.strictObject({}),
  output: z.null(),
  async run(ctx) {
    const draft = await compileDraft(ctx.tx, ctx.now());
    requireEtag(ctx, draft.etag);
    // The price list's own prices come with the package: no edit of anybody's.
    const edits = draft.changes.filter(
      ({ resource, before, after }) => resource !== "price" || isOverride(before, after),
    );
    if (edits.length === 0) return { output: null, audit: "unchanged" };
    const { document } = await activeRevision(ctx.tx);
    await restoreUpstreams(ctx.tx, document);
    await restorePlans(ctx.tx, document);
    await restoreRoutes(ctx.tx, document);
    await restorePrices(ctx.tx, document);
    return {
      output: null,
      audit: { resource: "draft", id: "draft", name: `based on revision ${draft.base}`, before: { changes: edits } },
    };
  },
});

async function restoreUpstreams(tx: Tx, { upstreams }: PolicyDocument): Promise<void> {
  await tx.upstream.deleteMany({ where: { id: { notIn: upstreams.map((item) => item.id) } } });
  // Names are unique: free them all before any is given back.
  for (const { id } of upstreams) await tx.upstream.updateMany({ where: { id }, data: { name: id } });
  for (const { id, ...data } of upstreams) {
    await tx.upstream.upsert({
      where: { id },
      create: { id, ...data },
      update: { ...data, version: { increment: 1 } },
    });
  }
}

function isOverride(...sides: unknown[]): boolean {
  return sides.some(
    (side) => typeof side === "object" && side !== null && "isOverride" in side && side.isOverride === true,
  );
}

async function restorePrices(tx: Tx, { prices }: PolicyDocument): Promise<void> {
  await tx.priceOverride.deleteMany({});
  for (const { provider, model, isOverride: isSet, ...price } of prices.entries) {
    if (isSet) await tx.priceOverride.create({ data: { id: newId("prc"), provider, model, price } });
  }
}

async function restorePlans(tx: Tx, { plans }: PolicyDocument): Promise<void> {
  await tx.plan.deleteMany({ where: { id: { notIn: plans.map((item) => item.id) } } });
  for (const { id } of plans) await tx.plan.updateMany({ where: { id }, data: { name: id } });
  for (const { id, ...data } of plans) {
    await tx.plan.upsert({ where: { id }, create: { id, ...data }, update: { ...data, version: { increment: 1 } } });
  }
}

async function restoreRoutes(tx: Tx, { routes }: PolicyDocument): Promise<void> {
  await tx.route.deleteMany({ where: { id: { notIn: routes.map((item) => item.id) } } });
  for (const { id } of routes) await tx.route.updateMany({ where: { id }, data: { name: id } });
  for (const route of routes) await restoreRoute(tx, route);
}

async function restoreRoute(tx: Tx, { id, versions, ...data }: RouteDocument): Promise<void> {
  await tx.route.upsert({
    where: { id },
    create: { id, ...data },
    update: { ...data, version: { increment: 1 } },
  });
  await tx.routeVersion.deleteMany({ where: { routeId: id } });
  for (const { version, targets, deprecatedAt, sunsetAt, cache, http, ...fields } of versions) {
    const life = { deprecatedAt: deprecatedAt && new Date(deprecatedAt), sunsetAt: sunsetAt && new Date(sunsetAt) };
    const rows = targets.map((target, position) => ({ ...target, position }));
    await tx.routeVersion.create({
      data: {
        id: newId("rtv"),
        routeId: id,
        number: version,
        ...fields,
        ...ruleColumns({ cache, http }),
        ...life,
        targets: { create: rows },
      },
    });
  }
}
