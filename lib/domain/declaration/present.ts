import type { Tx } from "../../db/client.ts";
import { activePlanNames } from "../consumer/plan-choice.ts";
import { ConsumerPatch } from "../consumer/schemas.ts";
import { CONSUMER_PARTS, consumerView } from "../consumer/view.ts";
import { PlanInput } from "../plan/schemas.ts";
import { planView } from "../plan/view.ts";
import { overrideFields } from "../price-override/view.ts";
import { RoutePatch, VersionPatch, type VersionView } from "../route/schemas.ts";
import { ROUTE_PARTS, type RouteRow, routeView, targetUpstreamNames } from "../route/view.ts";
import { UpstreamInput } from "../upstream/schemas.ts";
import { upstreamView } from "../upstream/view.ts";
import { type Fields, type PresentThing, plain } from "./thing.ts";

/** Whom to read besides the policy, of which everything is read. */
export interface Wanted {
  teamNames: readonly string[];
  /** As `team/name`. */
  consumerKeys: readonly string[];
  /** Ids of teams and consumers that the declaration owns. */
  ownedIds: readonly string[];
  everybody: boolean;
}

/** What there is now, in the words of a declaration, with names of upstreams and plans by their ids. */
export interface Present {
  things: PresentThing[];
  upstreamIds: Map<string, string>;
  /** Plans of the draft by name. */
  planIds: Map<string, string>;
  /** Plans of the active revision by id. */
  publishedPlans: ReadonlyMap<string, string>;
  teamIds: Map<string, string>;
}

/** The most teams, and the most consumers, that are read at once. */
export const PEOPLE_MAX = 5_000;

/** Reads what a declaration could be about. */
export async function readPresent(tx: Tx, wanted: Wanted): Promise<Present> {
  const [upstreams, credentials, plans, prices, routes] = [
    await tx.upstream.findMany({ orderBy: { id: "asc" } }),
    await tx.credential.findMany({ orderBy: { id: "asc" } }),
    await tx.plan.findMany({ orderBy: { id: "asc" } }),
    await tx.priceOverride.findMany({ orderBy: { id: "asc" } }),
    await tx.route.findMany({ orderBy: { id: "asc" }, include: ROUTE_PARTS }),
  ];
  const names = new Map(upstreams.map(({ id, name }) => [id, name]));
  const publishedPlans = await activePlanNames(tx);
  const planNames = new Map([...publishedPlans, ...plans.map(({ id, name }): [string, string] => [id, name])]);
  const { teams, consumers } = await readPeople(tx, wanted);
  const things: PresentThing[] = [
    ...teams.map(({ id, name }) => present("team", name, id, { name })),
    ...upstreams.map((row) => present("upstream", row.name, row.id, pick(upstreamView(row, []), UpstreamInput.shape))),
    ...credentials.flatMap(({ id, upstreamId, name, kind }) => {
      const upstream = names.get(upstreamId);
      return upstream === undefined ? [] : [present("credential", `${upstream}/${name}`, id, { name, kind })];
    }),
    ...plans.map((row) => present("plan", row.name, row.id, pick(planView(row, 0), PlanInput.shape))),
    ...prices.map((row) => {
      const { provider, model, price } = overrideFields(row);
      return present("price", `${provider}/${model}`, row.id, { price });
    }),
    ...(await routeThings(tx, routes, names)),
    ...consumers.map((row) => {
      const { planId, ...fields } = pick(consumerView(row, publishedPlans), ConsumerPatch.shape);
      const plan = planNames.get(String(planId)) ?? planId;
      return present("consumer", `${row.team.name}/${row.name}`, row.id, { ...fields, plan });
    }),
  ];
  return {
    things,
    upstreamIds: new Map(upstreams.map(({ id, name }) => [name, id])),
    planIds: new Map(plans.map(({ id, name }) => [name, id])),
    publishedPlans,
    teamIds: new Map(teams.map(({ id, name }) => [name, id])),
  };
}

async function readPeople(tx: Tx, { teamNames, consumerKeys, ownedIds, everybody }: Wanted) {
  const ids = [...ownedIds];
  const consumerNames = consumerKeys.map((key) => key.slice(key.indexOf("/") + 1));
  const namedTeams = { OR: [{ name: { in: [...teamNames] } }, { id: { in: ids } }] };
  const namedConsumers = { OR: [{ name: { in: consumerNames } }, { id: { in: ids } }] };
  const bounds = { orderBy: { id: "asc" }, take: PEOPLE_MAX + 1 } as const;
  const teams = await tx.team.findMany({ where: everybody ? {} : namedTeams, ...bounds });
  const consumers = await tx.consumer.findMany({
    where: everybody ? {} : namedConsumers,
    include: CONSUMER_PARTS,
    orderBy: { id: "asc" },
    take: PEOPLE_MAX * 4,
  });
  return { teams, consumers };
}

async function routeThings(tx: Tx, routes: RouteRow[], upstreams: Map<string, string>): Promise<PresentThing[]> {
  const names = await targetUpstreamNames(
    tx,
    routes.flatMap((route) => route.versions),
  );
  return routes.flatMap((row) => {
    const view = routeView(row, names);
    const fields = { ...pick(view, RoutePatch.shape), kind: view.kind };
    return [
      present("route", row.name, row.id, fields),
      ...view.versions.map((version) =>
        present("routeVersion", `${row.name}@${version.version}`, version.id, versionFields(version, upstreams)),
      ),
    ];
  });
}

/** A version with upstreams by name; one that the draft has no more keeps its id, which no declaration can name. */
function versionFields(version: VersionView, upstreams: Map<string, string>): Fields {
  const fields = pick(version, VersionPatch.shape);
  const targets = version.targets.map(({ upstreamId, model, weight, priority }) => ({
    model,
    weight,
    priority,
    upstream: upstreams.get(upstreamId) ?? upstreamId,
  }));
  const guardrails = version.guardrails.map((guard) => {
    if (guard.kind !== "webhook") return guard;
    const { upstreamId, ...rest } = guard;
    return { ...rest, upstream: upstreams.get(upstreamId) ?? upstreamId };
  });
  return { ...fields, targets, guardrails };
}

function present(kind: PresentThing["kind"], key: string, id: string, fields: object): PresentThing {
  return { kind, key, id, fields: plain(fields) };
}

/** The members of a view that a person writes. */
function pick(view: object, shape: object): Fields {
  const writable = new Set(Object.keys(shape));
  return Object.fromEntries(Object.entries(view).filter(([name]) => writable.has(name)));
}
