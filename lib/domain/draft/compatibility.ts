import { canonicalJson } from "../../contract/canonical.ts";
import { PARAMETER_SPELLINGS } from "../../contract/known-parameters.ts";
import type { PolicyDocument, RouteDocument, RouteVersionDocument } from "../../contract/policy-document.ts";
import { providerServes } from "../../contract/provider-actions.ts";
import type { Tx } from "../../db/client.ts";
import type { DraftProblem } from "./schemas.ts";

/** How far back recorded calls count. */
export const COMPATIBILITY_DAYS = 30;
const DAY_MS = 86_400_000;
const NAMED_MAX = 3;

/** What callers of a major version of a route used. */
interface Use {
  route: string;
  major: string;
  consumer: string;
  action: string;
  parameters: string[];
}

const majorOf = (version: string): string => version.split(".", 1)[0] ?? "";

/** The versions of a draft that are new or changed under a major version that is published already. */
function changedVersions(
  base: RouteDocument | undefined,
  route: RouteDocument,
): { version: RouteVersionDocument; index: number }[] {
  if (base === undefined) return [];
  const before = new Map(base.versions.map((version) => [version.version, canonicalJson(version)]));
  const majors = new Set(base.versions.map((version) => majorOf(version.version)));
  return route.versions
    .map((version, index) => ({ version, index }))
    .filter(({ version }) => version.status !== "retired" && majors.has(majorOf(version.version)))
    .filter(({ version }) => before.get(version.version) !== canonicalJson(version));
}

/** Parameters that an enforced guardrail of the version would refuse. */
function refusedParameters({ guardrails }: RouteVersionDocument, used: readonly string[]): string[] {
  return used.filter((name) =>
    guardrails.some((guard) => {
      if (guard.kind !== "parameters" || guard.mode !== "enforce") return false;
      const isNamed = guard.names.some((each) => (PARAMETER_SPELLINGS[each] ?? each) === name);
      return guard.rule === "deny" ? isNamed : !isNamed && !ALWAYS_ALLOWED.has(name);
    }),
  );
}
/** What every allow list of a node contains by itself. */
const ALWAYS_ALLOWED: ReadonlySet<string> = new Set([
  "messages",
  "prompt",
  "input",
  "contents",
  "stream",
  "stream_options",
]);

function canServe({ targets }: RouteVersionDocument, action: string, providers: ReadonlyMap<string, string>): boolean {
  return targets.some(({ upstreamId }) => providerServes(providers.get(upstreamId) ?? "", action));
}

/** "a, b and 2 more". */
function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)].toSorted();
  const shown = distinct.slice(0, NAMED_MAX).join(", ");
  return distinct.length > NAMED_MAX ? `${shown} and ${distinct.length - NAMED_MAX} more` : shown;
}

function problemsOf(
  route: RouteDocument,
  { version, index }: { version: RouteVersionDocument; index: number },
  uses: readonly Use[],
  providers: ReadonlyMap<string, string>,
): DraftProblem[] {
  const major = majorOf(version.version);
  const lost = new Map<string, { pointer: string; consumers: string[] }>();
  const note = (what: string, pointer: string, consumer: string): void => {
    const known = lost.get(what);
    if (known === undefined) lost.set(what, { pointer, consumers: [consumer] });
    else known.consumers.push(consumer);
  };
  for (const use of uses) {
    if (use.route !== route.name || use.major !== major) continue;
    if (!canServe(version, use.action, providers)) note(`cannot serve ${use.action}`, "/targets", use.consumer);
    for (const name of refusedParameters(version, use.parameters))
      note(`refuses "${name}"`, "/guardrails", use.consumer);
  }
  const sorted = [...lost].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([what, { pointer, consumers }]) => ({
    resource: "route" as const,
    id: route.id,
    name: route.name,
    pointer: `/versions/${index}${pointer}`,
    code: "incompatible_version",
    detail: `${version.version} ${what}, which ${listed(consumers)} used of version ${major} in the last ${COMPATIBILITY_DAYS} days. Give it a new major number, or publish it all the same with a reason.`,
  }));
}

/**
 * What a new or changed version under an existing major would take away from those who call that major: an action that
 * none of its targets can serve, a parameter that its guardrails refuse. By recorded calls, so that nobody who is hit is
 * overlooked and nobody else stands in the way.
 */
export async function incompatibilities(
  tx: Tx,
  from: PolicyDocument,
  to: PolicyDocument,
  now: Date,
): Promise<DraftProblem[]> {
  const before = new Map(from.routes.map((route) => [route.id, route]));
  const changed = to.routes.flatMap((route) =>
    changedVersions(before.get(route.id), route).map((version) => ({ route, version })),
  );
  if (changed.length === 0) return [];
  const uses = await readUses(tx, [...new Set(changed.map(({ route }) => route.name))], now);
  const providers = new Map(to.upstreams.map((upstream) => [upstream.id, upstream.provider]));
  return changed.flatMap(({ route, version }) => problemsOf(route, version, uses, providers));
}

function readUses(tx: Tx, routes: string[], now: Date): Promise<Use[]> {
  const since = new Date(now.getTime() - COMPATIBILITY_DAYS * DAY_MS).toISOString().slice(0, 10);
  return tx.$queryRaw<Use[]>`
    SELECT used.route, split_part(used.route_version, '.', 1) AS major,
      coalesce(consumer.name, used.consumer_id) AS consumer, used.action,
      coalesce(array_agg(DISTINCT names.parameter) FILTER (WHERE names.parameter IS NOT NULL), '{}') AS parameters
    FROM route_use used
    LEFT JOIN LATERAL unnest(used.parameters) AS names(parameter) ON true
    LEFT JOIN consumer ON consumer.id = used.consumer_id
    WHERE used.route = ANY (${routes}::text[]) AND used.day >= ${since}::date AND used.calls > used.refused
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 4, 3`;
}
