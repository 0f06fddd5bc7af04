import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { invalidField } from "../errors.ts";
import { createRoute, createVersion, deleteVersion, updateRoute, updateVersion } from "../route/index.ts";
import { RouteCreate, RoutePatch, VersionCreate, VersionFields, VersionPatch } from "../route/schemas.ts";
import { ROUTE_PARTS, routeView, targetUpstreamNames } from "../route/view.ts";
import type { Step } from "./applying.ts";
import { atPointer } from "./declared.ts";
import type { Planned } from "./plan-of.ts";
import { type Fields, mergePatchTo, plain } from "./thing.ts";

type Inside = Context & { tx: Tx };

/** Makes and changes routes: first those that are new, with their default version; then versions; then what routes say. */
export async function applyRoutes(ctx: Inside, steps: readonly Step[], planned: Planned): Promise<void> {
  const ofKind = (kind: string) => steps.filter(({ wanted }) => wanted.kind === kind);
  const withIds = (fields: Fields) => upstreamIds(fields, planned.present.upstreamIds);
  for (const step of ofKind("route").filter(({ change }) => change.id === null)) {
    await placed(step, async () => {
      const { defaultVersion, ...fields } = step.wanted.fields;
      const key = `${fields.name}@${defaultVersion}`;
      const first = planned.declared.find((thing) => thing.kind === "routeVersion" && thing.key === key);
      const version = onlyOf(withIds(first?.fields ?? {}), VersionFields.shape);
      await createRoute(
        ctx,
        RouteCreate.parse({ ...onlyOf(fields, RouteCreate.shape), ...version, version: defaultVersion }),
      );
    });
  }
  // A route that was renamed by hand is found by its declared name again.
  for (const step of ofKind("route").filter(({ change }) => change.id !== null)) {
    const { id, fields } = step.change;
    const renamed = fields.some(({ field }) => field === "name");
    if (id !== null && renamed)
      await placed(step, async () => void (await updateRoute(ctx, { id, patch: { name: step.wanted.fields.name } })));
  }
  for (const step of ofKind("routeVersion")) await placed(step, () => applyVersion(ctx, step, withIds));
  for (const step of ofKind("route")) {
    await placed(step, async () => {
      const { kind, ...wanted } = step.wanted.fields;
      if (step.change.id !== null && step.now.kind !== kind)
        throw invalidField("/kind", "not_supported", "A route's kind cannot change. Declare it under another name.");
      const now = await routeNow(ctx.tx, step.change.id, String(wanted.name));
      const patch = mergePatchTo(onlyOf(plain(now), RoutePatch.shape), wanted);
      if (Object.keys(patch).length > 0) await updateRoute(ctx, { id: now.id, patch });
    });
  }
}

async function applyVersion(ctx: Inside, { wanted }: Step, withIds: (fields: Fields) => Fields): Promise<void> {
  const { route, number } = versionKey(wanted.key);
  const { id, versions } = await routeNow(ctx.tx, null, route);
  const fields = withIds(wanted.fields);
  const made =
    versions.find(({ version }) => version === number) ??
    (await createVersion(ctx, VersionCreate.parse({ ...onlyOf(fields, VersionFields.shape), id, version: number })));
  const before = onlyOf(plain(made), VersionPatch.shape);
  const targets = made.targets.map(({ upstreamId, model, weight, priority }) => ({
    upstreamId,
    model,
    weight,
    priority,
  }));
  const patch = mergePatchTo({ ...before, targets }, fields);
  // A deprecation whose time is left open keeps the time it got.
  if (fields.status === "deprecated" && fields.deprecatedAt === null && made.status === "deprecated")
    delete patch.deprecatedAt;
  if (Object.keys(patch).length > 0) await updateVersion(ctx, { id, version: number, patch });
}

/** Takes a version out that is not declared any more. */
export async function removeVersion(ctx: Inside, key: string): Promise<void> {
  const { route, number } = versionKey(key);
  const { id } = await routeNow(ctx.tx, null, route);
  await deleteVersion(ctx, { id, version: number });
}

async function placed(step: Step, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw atPointer(error, step.wanted.pointer);
  }
}

async function routeNow(tx: Tx, id: string | null, name: string) {
  const row = await tx.route.findFirstOrThrow({ where: id === null ? { name } : { id }, include: ROUTE_PARTS });
  return routeView(row, await targetUpstreamNames(tx, row.versions));
}

function versionKey(key: string): { route: string; number: string } {
  const at = key.lastIndexOf("@");
  return { route: key.slice(0, at), number: key.slice(at + 1) };
}

/** Names of upstreams as their ids. The references were checked when the plan was made. */
function upstreamIds(fields: Fields, ids: ReadonlyMap<string, string>): Fields {
  const withId = (each: unknown) => {
    const { upstream, ...rest } = plain(Object(each));
    return typeof upstream === "string" ? { ...rest, upstreamId: ids.get(upstream) ?? "" } : rest;
  };
  const list = (value: unknown) => (Array.isArray(value) ? value.map(withId) : []);
  return { ...fields, targets: list(fields.targets), guardrails: list(fields.guardrails) };
}

function onlyOf(fields: Fields, shape: object): Fields {
  const known = new Set(Object.keys(shape));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => known.has(name)));
}
