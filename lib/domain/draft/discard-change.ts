import { z } from "zod";
import { fieldChanges } from "../../contract/field-changes.ts";
import { PlanDocument, PriceDocument, RouteDocument, UpstreamDocument } from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";
import { DomainError, notFound } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { mutation } from "../verb.ts";
import type { DraftChange } from "./changes.ts";
import { isEdit, isOverride, takenBack } from "./discard.ts";
import { closeDraft } from "./lock.ts";
import { fieldAt, putField } from "./put-field.ts";
import { compileDraft } from "./read.ts";
import { restorePlan, restorePrice, restoreRoute, restoreUpstream } from "./restore.ts";
import { DiscardChangeInput, type DraftProblem } from "./schemas.ts";

/**
 * Takes one change of the draft back, of a resource or of one field of it: it is what the active revision says again.
 * 404 for what does not differ; 409 `name_taken`, `in_use` where something else in the draft needs the change; 412.
 */
export const discardChange = mutation({
  name: "draft.discardChange",
  permission: "draft.discard",
  input: DiscardChangeInput,
  output: z.null(),
  async run(ctx, { resource, id, field }) {
    await closeDraft(ctx.tx);
    const draft = await compileDraft(ctx.tx, ctx.now());
    requireEtag(ctx, draft.etag);
    const change = draft.changes.find((candidate) => candidate.resource === resource && candidate.id === id);
    if (!change) throw notFound("change of the draft");
    if (!isEdit(change))
      throw new DomainError("conflict", `The price of ${change.name} comes with the price list: nobody edited it.`);
    const restored = field === undefined ? change.before : withField(change, field);
    await restore(ctx.tx, change, restored);
    const now = await compileDraft(ctx.tx, ctx.now());
    refuseNewProblems(change, draft.problems, now.problems);
    const name = `${resource} ${change.name}${field ?? ""}`;
    return {
      output: null,
      audit: {
        resource: "draft",
        id: "draft",
        name,
        before: change.after,
        after: restored,
        policyChanges: takenBack(change, restored),
      },
    };
  },
});

/** The resource as the draft has it, but for one field. 404 for a field that does not differ, 409 where there is no other side. */
function withField({ op, name, before, after }: DraftChange, field: string): unknown {
  if (op !== "update")
    throw new DomainError(
      "conflict",
      `${name} is ${op === "add" ? "new" : "taken out"} as a whole. Discard all of it.`,
    );
  const differs = fieldChanges(before, after).some(
    ({ pointer }) => pointer === field || pointer.startsWith(`${field}/`) || field.startsWith(`${pointer}/`),
  );
  if (!differs) throw notFound("changed field");
  return putField(after, field, fieldAt(before, field));
}

async function restore(tx: Tx, change: DraftChange, restored: unknown): Promise<void> {
  const { resource, id } = change;
  switch (resource) {
    case "plan": {
      if (restored === null) return void (await tx.plan.deleteMany({ where: { id } }));
      const plan = parsed(PlanDocument, restored);
      requireFreeName(change, await tx.plan.findUnique({ where: { name: plan.name } }));
      return restorePlan(tx, plan);
    }
    case "upstream": {
      if (restored === null) return void (await tx.upstream.deleteMany({ where: { id } }));
      const upstream = parsed(UpstreamDocument, restored);
      requireFreeName(change, await tx.upstream.findUnique({ where: { name: upstream.name } }));
      return restoreUpstream(tx, upstream);
    }
    case "route": {
      if (restored === null) return void (await tx.route.deleteMany({ where: { id } }));
      const route = parsed(RouteDocument, restored);
      requireFreeName(change, await tx.route.findUnique({ where: { name: route.name } }));
      return restoreRoute(tx, route);
    }
    case "price":
      return restoreOverride(tx, change, restored);
  }
}

async function restoreOverride(tx: Tx, { before, after }: DraftChange, restored: unknown): Promise<void> {
  if (isOverride(restored)) return restorePrice(tx, priceOf(restored));
  const { provider, model } = priceOf(after ?? before);
  await tx.priceOverride.deleteMany({ where: { provider, model } });
}

/** A change of a price carries an id and a name beside what the document says. */
function priceOf(side: unknown): PriceDocument {
  return parsed(PriceDocument.strip(), side);
}

/** Fields taken one by one may not fit together. */
function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success)
    throw new DomainError("conflict", "This field depends on others that changed with it. Discard the whole resource.");
  return result.data;
}

function requireFreeName({ resource, id, name }: DraftChange, holder: { id: string; name: string } | null): void {
  if (holder === null || holder.id === id) return;
  throw new DomainError(
    "name_taken",
    `Another ${resource} of the draft is called "${holder.name}" now. Rename it, or discard its change first; then ${name} can have its name back.`,
  );
}

/** What would be broken by this and was not before. */
function refuseNewProblems(change: DraftChange, before: readonly DraftProblem[], now: readonly DraftProblem[]): void {
  const keyOf = ({ resource, id, code, detail }: DraftProblem) => `${resource} ${id} ${code} ${detail}`;
  const known = new Set(before.map(keyOf));
  const fresh = now.filter((problem) => problem.code !== "incompatible_version" && !known.has(keyOf(problem)));
  if (fresh.length === 0) return;
  const fields = fresh.map(({ resource, id, name, pointer, code, detail }) => ({
    pointer: `/${resource}s/${id}${pointer}`,
    code,
    detail: `${resource} ${name}: ${detail}`,
  }));
  throw new DomainError(
    "in_use",
    `Discarding this change of ${change.name} would break something else in the draft. ${fields[0]?.detail ?? ""}`,
    fields,
  );
}
