import type { PolicyDocument } from "./policy-document.ts";
import { REST_PROVIDER } from "./providers.ts";

/** One thing wrong with a policy document: where (JSON pointer into the resource), what, and what to do. */
export interface PolicyProblem {
  resource: "upstream" | "plan" | "route";
  id: string;
  name: string;
  pointer: string;
  code: string;
  detail: string;
}

/**
 * Checks that every reference in a document resolves: both planes call it, the control plane before it publishes and a
 * node before it swaps. Returns every problem, not the first; never throws.
 */
export function findPolicyProblems(document: PolicyDocument): PolicyProblem[] {
  return [
    ...duplicateNames(document),
    ...planProblems(document),
    ...routeProblems(document),
    ...kindProblems(document),
  ];
}

function duplicateNames(document: PolicyDocument): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const kinds = [
    ["upstream", document.upstreams],
    ["plan", document.plans],
    ["route", document.routes],
  ] as const;
  for (const [resource, items] of kinds) {
    const seen = new Set<string>();
    for (const { id, name } of items) {
      if (seen.has(name)) {
        problems.push({
          resource,
          id,
          name,
          pointer: "/name",
          code: "duplicate_name",
          detail: `Another ${resource} is also called "${name}". Rename one of them.`,
        });
      }
      seen.add(name);
    }
  }
  return problems;
}

function planProblems(document: PolicyDocument): PolicyProblem[] {
  const routeNames = new Set(document.routes.map((route) => route.name));
  const problems: PolicyProblem[] = [];
  for (const plan of document.plans) {
    plan.routes.forEach((name, index) => {
      if (name !== "*" && !routeNames.has(name)) {
        problems.push({
          resource: "plan",
          id: plan.id,
          name: plan.name,
          pointer: `/routes/${index}`,
          code: "unknown_route",
          detail: `There is no route called "${name}". Add the route or take its name out of the plan.`,
        });
      }
    });
  }
  return problems;
}

/** REST upstreams serve routes of kind `http` and no others; such a route says how. */
function kindProblems({ upstreams, routes }: PolicyDocument): PolicyProblem[] {
  const rest = new Map(upstreams.map(({ id, provider }) => [id, provider === REST_PROVIDER]));
  const problems: PolicyProblem[] = [];
  for (const { id, name, kind, versions } of routes) {
    const at = { resource: "route" as const, id, name };
    for (const [v, { http, targets }] of versions.entries()) {
      if ((kind === "http") !== (http !== null)) {
        const detail =
          kind === "http"
            ? "A route of kind http needs methods and paths. Add them to this version."
            : "Only a route of kind http has methods and paths. Take them out of this version.";
        problems.push({ ...at, pointer: `/versions/${v}/http`, code: "wrong_kind", detail });
      }
      for (const [t, { upstreamId }] of targets.entries()) {
        const isRest = rest.get(upstreamId);
        if (isRest === undefined || isRest === (kind === "http")) continue;
        const pointer = `/versions/${v}/targets/${t}/upstreamId`;
        const detail = "Upstreams of the provider rest serve routes of kind http, and only they do. Choose another.";
        problems.push({ ...at, pointer, code: "wrong_provider", detail });
      }
    }
  }
  return problems;
}

function routeProblems(document: PolicyDocument): PolicyProblem[] {
  const upstreamIds = new Set(document.upstreams.map((upstream) => upstream.id));
  const problems: PolicyProblem[] = [];
  for (const route of document.routes) {
    const at = { resource: "route" as const, id: route.id, name: route.name };
    const versions = new Set(route.versions.map((version) => version.version));
    if (versions.size !== route.versions.length) {
      problems.push({
        ...at,
        pointer: "/versions",
        code: "duplicate_version",
        detail: "Two versions have the same number. Give one of them another, or take it out.",
      });
    }
    if (!versions.has(route.defaultVersion)) {
      problems.push({
        ...at,
        pointer: "/defaultVersion",
        code: "unknown_version",
        detail: `Version ${route.defaultVersion} does not exist. Choose one of ${[...versions].join(", ")}.`,
      });
    }
    route.versions.forEach((version, v) => {
      version.targets.forEach((target, t) => {
        if (!upstreamIds.has(target.upstreamId)) {
          problems.push({
            ...at,
            pointer: `/versions/${v}/targets/${t}/upstreamId`,
            code: "unknown_upstream",
            detail: `Upstream ${target.upstreamId} does not exist. Choose another upstream for this target.`,
          });
        }
      });
      version.guardrails.forEach((guard, g) => {
        if (guard.kind === "webhook" && !upstreamIds.has(guard.upstreamId)) {
          problems.push({
            ...at,
            pointer: `/versions/${v}/guardrails/${g}/upstreamId`,
            code: "unknown_upstream",
            detail: `Upstream ${guard.upstreamId} does not exist. Choose another upstream for the guardrail "${guard.name}".`,
          });
        }
      });
      if (version.targets.every((target) => target.weight === 0)) {
        problems.push({
          ...at,
          pointer: `/versions/${v}/targets`,
          code: "no_weight",
          detail: "Every target has weight 0, so no call could be served. Give one a weight.",
        });
      }
      if (version.successor !== null && !versions.has(version.successor)) {
        problems.push({
          ...at,
          pointer: `/versions/${v}/successor`,
          code: "unknown_version",
          detail: `The successor ${version.successor} does not exist. Choose one of ${[...versions].join(", ")}, or none.`,
        });
      }
    });
  }
  return problems;
}
