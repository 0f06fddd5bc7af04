import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import { masterKeyBytes, unseal } from "../../crypto/seal.ts";
import type { Tx } from "../../db/client.ts";
import { env } from "../../env.ts";
import type { Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import { DomainError } from "../errors.ts";
import { compare } from "./compare.ts";
import { declaredThings } from "./declared.ts";
import { type Present, readPresent } from "./present.ts";
import { referenceProblems } from "./references.ts";
import type { DeclarationPlan, DeclaredChange, PlanDeclarationInput, ThingKind } from "./schemas.ts";
import { ThingKind as Kind } from "./schemas.ts";
import type { DeclaredThing, OwnedThing } from "./thing.ts";

/** A plan with what it was made from. */
export interface Planned {
  plan: DeclarationPlan;
  declared: DeclaredThing[];
  present: Present;
}

const Applied = z.record(z.string(), z.unknown());

/** Works out what applying a declaration would change. 409 `owned_elsewhere`; 422. */
export async function planOf(
  ctx: Context & { tx: Tx },
  { declaration, secrets, prune }: z.output<typeof PlanDeclarationInput>,
): Promise<Planned> {
  const declared = declaredThings(declaration);
  const owned = await ownedThings(ctx.tx, declaration.name);
  const present = await readPresent(ctx.tx, {
    teamNames: [...declaration.teams, ...declaration.consumers.map(({ team }) => team)],
    consumerKeys: declared.filter(({ kind }) => kind === "consumer").map(({ key }) => key),
    ownedIds: owned.filter(({ kind }) => kind === "team" || kind === "consumer").map(({ id }) => id),
    everybody: false,
  });
  refuse(referenceProblems(declaration, present));
  const compared = await compareSecrets(ctx, declared, present, secrets);
  const { changes, unchanged } = compare({
    declared,
    present: present.things,
    owned,
    prune,
    replacedSecrets: compared.replaced,
  });
  await refuseOthersThings(ctx.tx, declaration.name, changes);
  const ours = new Set([...owned.map(({ id }) => id), ...changes.flatMap(({ id }) => (id === null ? [] : [id]))]);
  const plan: DeclarationPlan = {
    name: declaration.name,
    changes,
    summary: summaryOf(changes, unchanged),
    otherDraftChanges: await othersEdits(ctx, ours, declared),
    secretsNotCompared: compared.unknown,
    etag: `"${sha256Hex(canonicalJson(JSON.parse(JSON.stringify({ changes, prune })))).slice(0, 32)}"`,
  };
  return { plan, declared, present };
}

function refuse(problems: { pointer: string; code: string; detail: string }[]): void {
  const [first] = problems;
  if (first) throw new DomainError("invalid_request", `${first.pointer}: ${first.detail}`, problems);
}

/** What a declaration owned when it was last applied. */
export async function ownedThings(tx: Tx, declaration: string): Promise<OwnedThing[]> {
  const rows = await tx.declaredResource.findMany({ where: { declaration }, orderBy: { resourceId: "asc" } });
  return rows.map(({ kind, resourceId, key, applied }) => {
    const known: ThingKind = Kind.parse(kind);
    return { kind: known, id: resourceId, declaration, key, applied: Applied.parse(applied) };
  });
}

async function refuseOthersThings(tx: Tx, declaration: string, changes: DeclaredChange[]): Promise<void> {
  const ids = changes.flatMap(({ id }) => (id === null ? [] : [id]));
  const rows = await tx.declaredResource.findMany({
    where: { resourceId: { in: ids }, declaration: { not: declaration } },
  });
  const owners = new Map(rows.map((row) => [row.resourceId, row.declaration]));
  const fields = changes.flatMap(({ id, kind, key, pointer }) => {
    const owner = id === null ? undefined : owners.get(id);
    const detail = `The ${kind} ${key} belongs to the declaration "${owner}". Take it out here, or release it there.`;
    return owner === undefined ? [] : [{ pointer, code: "owned_elsewhere", detail }];
  });
  if (fields[0]) throw new DomainError("conflict", fields[0].detail, fields);
}

function summaryOf(changes: DeclaredChange[], unchanged: number): DeclarationPlan["summary"] {
  const count = (op: DeclaredChange["op"]) => changes.filter((change) => change.op === op).length;
  return {
    create: count("create"),
    update: count("update"),
    adopt: count("adopt"),
    delete: count("delete"),
    keep: count("keep"),
    unchanged,
    drifted: changes.filter(({ drift, wasDeleted }) => drift.length > 0 || wasDeleted).length,
  };
}

/** Edits of the draft by other hands: what publishing would publish along with the declaration. */
async function othersEdits(
  ctx: Context & { tx: Tx },
  ours: ReadonlySet<string>,
  declared: readonly DeclaredThing[],
): Promise<DeclarationPlan["otherDraftChanges"]> {
  const { changes } = await compileDraft(ctx.tx, ctx.now());
  const prices = new Set(declared.filter(({ kind }) => kind === "price").map(({ key }) => key));
  const isOurs = ({ resource, id, before, after }: (typeof changes)[number]) =>
    // The price list's own prices follow the routes' targets and the package: nobody edits them.
    resource === "price" ? prices.has(id) || ![before, after].some(isOverride) : ours.has(id);
  return changes.filter((change) => !isOurs(change)).map(({ op, resource, name }) => ({ op, resource, name }));
}

function isOverride(side: unknown): boolean {
  return typeof side === "object" && side !== null && "isOverride" in side && side.isOverride === true;
}

/** Which stored secrets differ from those that were given. Only who may write credentials is told. */
async function compareSecrets(
  ctx: Context & { tx: Tx },
  declared: readonly DeclaredThing[],
  present: Present,
  secrets: Readonly<Record<string, string>>,
): Promise<{ replaced: Set<string>; unknown: string[] }> {
  const mayKnow = ctx.actor.kind === "system" || ctx.actor.permissions.has("credential.write");
  const ids = new Map(present.things.filter(({ kind }) => kind === "credential").map(({ key, id }) => [key, id]));
  const rows = await ctx.tx.credential.findMany({
    where: { id: { in: [...ids.values()] } },
    select: { id: true, sealedSecret: true },
  });
  const sealed = new Map(rows.map((row) => [row.id, row.sealedSecret]));
  const replaced = new Set<string>();
  const unknown: string[] = [];
  for (const { key, secret } of declared) {
    const id = ids.get(key);
    const stored = id === undefined ? undefined : sealed.get(id);
    if (secret === undefined || id === undefined || stored === undefined) continue;
    const given = secrets[secret];
    if (given === undefined || !mayKnow) unknown.push(key);
    else if (!isSame(given, unseal(masterKeyBytes(env().TURNPIKE_MASTER_KEY), stored, ["credential", id])))
      replaced.add(key);
  }
  return { replaced, unknown };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
