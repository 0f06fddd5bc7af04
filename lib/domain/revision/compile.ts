import type { Plan, PriceOverride, Upstream } from "#prisma/generated/client.ts";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import {
  type PolicyDocument,
  type PriceDocument,
  type RouteDocument,
  RouteKind,
} from "../../contract/policy-document.ts";
import type { Tx } from "../../db/client.ts";
import { planFields } from "../plan/view.ts";
import { overrideDocument } from "../price-override/view.ts";
import { findPrice, PRICE_VERSION } from "../pricing/catalogue.ts";
import { compareVersions } from "../route/compare-versions.ts";
import { ROUTE_PARTS, type RouteRow, routeRateLimits, versionFields } from "../route/view.ts";
import { upstreamFields } from "../upstream/view.ts";

/** The draft's rows, as the tables of policy hold them. */
export interface PolicyRows {
  upstreams: Upstream[];
  plans: Plan[];
  routes: RouteRow[];
  priceOverrides: PriceOverride[];
}

/** Reads the whole draft. */
export async function readPolicyRows(tx: Tx): Promise<PolicyRows> {
  const upstreams = await tx.upstream.findMany();
  const plans = await tx.plan.findMany();
  const routes = await tx.route.findMany({ include: ROUTE_PARTS });
  const priceOverrides = await tx.priceOverride.findMany();
  return { upstreams, plans, routes, priceOverrides };
}

/**
 * Makes the document of a revision from the draft's rows. Pure and deterministic: the same rows and price list give the
 * same text, whatever order the database returned them in. Secrets are not in it.
 */
export function compilePolicy(rows: PolicyRows, priceOf: PriceLookup): PolicyDocument {
  const upstreams = rows.upstreams
    .toSorted(byId)
    .map((row) => ({ id: row.id, ...upstreamFields(row), isDemo: row.isDemo }));
  const plans = rows.plans.toSorted(byId).map((row) => {
    const { name, rateLimits, routes, maxStaleSeconds } = planFields(row);
    // Left out where it is not set: nodes of the release before take such a document.
    return { id: row.id, name, rateLimits, routes, ...(maxStaleSeconds === null ? {} : { maxStaleSeconds }) };
  });
  const routes = rows.routes.toSorted(byId).map(routeDocument);
  return {
    schemaVersion: 1,
    upstreams,
    plans,
    routes,
    prices: pricesOf(rows, priceOf),
  };
}

type PriceLookup = (provider: string, model: string) => PriceDocument | null;

/** The price list on a day: prices that change by the hour are taken at noon, so that a compile does not depend on the minute. */
export function pricesOn(day: Date): PriceLookup {
  const noon = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 12));
  return (provider, model) => findPrice(provider, model, noon);
}

function routeDocument(row: RouteRow): RouteDocument {
  const versions = row.versions
    .toSorted((a, b) => compareVersions(a.number, b.number))
    .map((version) => ({
      version: version.number,
      ...versionFields(version),
      targets: version.targets.toSorted(byPosition).map(({ id, upstreamId, model, weight, priority }) => ({
        id,
        upstreamId,
        model,
        weight,
        priority,
      })),
    }));
  const { id, name, defaultVersion } = row;
  return { id, name, kind: RouteKind.parse(row.kind), defaultVersion, rateLimits: routeRateLimits(row), versions };
}

/** The prices in force: every override, and the price list's for the targets that have none. */
function pricesOf(rows: PolicyRows, priceOf: PriceLookup): PolicyDocument["prices"] {
  const overrides = rows.priceOverrides
    .map(overrideDocument)
    .toSorted((a, b) => (priceKey(a.provider, a.model) < priceKey(b.provider, b.model) ? -1 : 1));
  const version = overrides.length === 0 ? PRICE_VERSION : `${PRICE_VERSION}+${hashOfPrices(overrides)}`;
  return { version, entries: priceEntries(rows, overrides, priceOf) };
}

/** Names a set of overrides within a price version: the same prices, the same name. */
function hashOfPrices(overrides: readonly PriceDocument[]): string {
  return sha256Hex(canonicalJson(overrides)).slice(0, 8);
}

function priceKey(provider: string | undefined, model: string): string {
  return `${provider}\n${model}`;
}

function priceEntries(rows: PolicyRows, overrides: PriceDocument[], priceOf: PriceLookup): PriceDocument[] {
  const providers = new Map(rows.upstreams.map((upstream) => [upstream.id, upstream.provider]));
  const entries = new Map(overrides.map((price) => [priceKey(price.provider, price.model), price]));
  for (const target of rows.routes.flatMap((route) => route.versions.flatMap((version) => version.targets))) {
    const provider = providers.get(target.upstreamId);
    const key = priceKey(provider, target.model);
    if (provider === undefined || entries.has(key)) continue;
    const price = priceOf(provider, target.model);
    if (price) entries.set(key, price);
  }
  return [...entries.keys()].toSorted().flatMap((key) => entries.get(key) ?? []);
}

function byPosition(a: { position: number }, b: { position: number }): number {
  return a.position - b.position;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
