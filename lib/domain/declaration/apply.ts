import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import { DomainError } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { publishRevision } from "../revision/index.ts";
import { mutation } from "../verb.ts";
import { Applying } from "./applying.ts";
import { inDeclaration } from "./declared.ts";
import { type Planned, planOf } from "./plan-of.ts";
import { readPresent } from "./present.ts";
import { AppliedDeclaration, ApplyDeclarationInput } from "./schemas.ts";
import type { DeclaredThing, PresentThing } from "./thing.ts";

/** Any constant that nobody else locks. */
const APPLY_LOCK = 7_185_203_317;

/**
 * Makes an installation what a declaration says: all of it or nothing, in one transaction, each change by its own verb with
 * its own permission and audit entry. Policy goes into the draft and, with `publish`, on to the nodes. 403, 409, 412, 422.
 */
export const applyDeclaration = mutation({
  name: "declaration.apply",
  permission: "declaration.write",
  input: ApplyDeclarationInput,
  output: AppliedDeclaration,
  async run(ctx, input) {
    await ctx.tx.$queryRaw`SELECT pg_advisory_xact_lock(${APPLY_LOCK})::text`;
    const planned = await inDeclaration(() => planOf(ctx, input));
    const { plan } = planned;
    requireEtag(ctx, plan.etag);
    if (input.publish && !input.publish.withOthers) refuseOthersEdits(plan.otherDraftChanges);
    // What the caller saw is checked; from here on each verb meets what this transaction has made.
    const inside = { ...ctx, ifMatch: undefined };
    const applying = new Applying(inside, planned, input.secrets);
    await inDeclaration(async () => {
      await applying.policy();
      await applying.people(await publishedPlans(ctx.tx, planned));
      await applying.removals();
    });
    const revision = input.publish ? await publish(inside, input.publish) : null;
    const known = await publishedPlans(ctx.tx, planned);
    const waiting = await inDeclaration(() => applying.people(known));
    await applying.removeTeams();
    await recordOwnership(ctx, planned, new Set(waiting.map(({ key }) => key)));
    const { changes } = await compileDraft(ctx.tx, ctx.now());
    const { name, summary } = plan;
    const output = { name, changes: plan.changes, summary, waiting, revision, draftChanges: changes.length };
    const nothing = summary.create + summary.update + summary.adopt + summary.delete === 0 && revision === null;
    const after = { ...summary, waiting: waiting.length, revision };
    return { output, audit: nothing ? "unchanged" : { resource: "declaration", id: name, name, after } };
  },
});

function refuseOthersEdits(others: Planned["plan"]["otherDraftChanges"]): void {
  if (others.length === 0) return;
  const names = others.slice(0, 5).map(({ op, resource, name }) => `${op} ${resource} ${name}`);
  const more = others.length > 5 ? `, and ${others.length - 5} more` : "";
  throw new DomainError(
    "conflict",
    `The draft has edits that are not this declaration's: ${names.join(", ")}${more}. Publish or discard them first, or apply with \`withOthers\`.`,
    [{ pointer: "/publish/withOthers", code: "draft_has_others", detail: names.join(", ") }],
  );
}

/** Names of plans by whether nodes may know them: those of the active revision that are still plans of the draft. */
async function publishedPlans(tx: Tx, { present }: Planned): Promise<Set<string>> {
  const { publishedPlans: byId, planIds } = await readPresent(tx, {
    teamNames: [],
    consumerKeys: [],
    ownedIds: [],
    everybody: false,
  });
  for (const [name, id] of planIds) present.planIds.set(name, id);
  return new Set([...planIds].filter(([, id]) => byId.has(id)).map(([name]) => name));
}

async function publish(
  ctx: Context & { tx: Tx },
  { note, incompatibleBecause }: { note: string; incompatibleBecause?: string | undefined },
): Promise<number | null> {
  const { changes, base } = await compileDraft(ctx.tx, ctx.now());
  if (changes.length === 0 && base > 0) return null;
  const reason = incompatibleBecause === undefined ? {} : { incompatibleBecause };
  return (await publishRevision(ctx, { note, ...reason })).number;
}

/** Writes down what the declaration owns now, and what each of it is. What waits is not there yet. */
async function recordOwnership(
  ctx: Context & { tx: Tx },
  { plan, declared }: Planned,
  waiting: ReadonlySet<string>,
): Promise<void> {
  const consumerKeys = declared.filter(({ kind }) => kind === "consumer").map(({ key }) => key);
  const teamNames = declared.filter(({ kind }) => kind === "team").map(({ key }) => key);
  const { things } = await readPresent(ctx.tx, { teamNames, consumerKeys, ownedIds: [], everybody: false });
  const now = new Map(things.map((thing) => [`${thing.kind} ${thing.key}`, thing]));
  const kept = new Set(plan.changes.filter(({ op }) => op === "keep").map(({ id }) => id));
  const before = await ctx.tx.declaredResource.findMany({ where: { declaration: plan.name } });
  const keep = before.filter(({ resourceId }) => kept.has(resourceId)).map(({ resourceId }) => resourceId);
  await ctx.tx.declaredResource.deleteMany({ where: { declaration: plan.name, resourceId: { notIn: keep } } });
  const owned = declared.flatMap((thing) => {
    const made = now.get(`${thing.kind} ${thing.key}`);
    return made === undefined || waiting.has(thing.key) ? [] : [rowOf(plan.name, thing, made, ctx.now())];
  });
  await ctx.tx.declaredResource.createMany({ data: owned });
}

function rowOf(declaration: string, { kind, key }: DeclaredThing, made: PresentThing, appliedAt: Date) {
  return { kind, resourceId: made.id, declaration, key, applied: JSON.parse(JSON.stringify(made.fields)), appliedAt };
}
