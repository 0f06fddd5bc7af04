import { isRouteAllowed, type RouteRule } from "./plan-allows.ts";
import { type ModelResolution, type ResolvableRoute, type ResolvableVersion, resolveModel } from "./resolve-model.ts";

/** What the directory says of a consumer that policy asks. */
export interface CallingConsumer {
  readonly planId: string;
  readonly suspendedReason: string | null;
  /** The revision from which its plan is there. */
  readonly minRevision: number;
}

/**
 * By which plan a consumer may call, or why not at all: suspended, on a node that has not reached the revision its plan
 * needs, or with a plan that the revision does not hold. Hot path.
 */
export function planOf<P>(
  consumer: CallingConsumer,
  revision: { readonly number: number; readonly plans: ReadonlyMap<string, P> },
): P | "suspended" | "behind" | "unknown_plan" {
  if (consumer.suspendedReason !== null) return "suspended";
  if (revision.number < consumer.minRevision) return "behind";
  return revision.plans.get(consumer.planId) ?? "unknown_plan";
}

/** A route as admission sees it. */
export interface AdmittingRoute<V extends ResolvableVersion> extends ResolvableRoute<V> {
  readonly name: string;
  readonly kind: "model" | "http";
}

/** What a call asks for, and who asks. */
export interface RouteQuestion {
  readonly kind: "model" | "http";
  /** The name in the body or the path, with a pin where there is one. */
  readonly model: string;
  readonly versionHeader: string | null;
  readonly plan: RouteRule;
  /** What narrows the plan, or null. */
  readonly key: RouteRule | null;
}

export type RouteAdmission<R, V> =
  | Exclude<ModelResolution<R, V>, { readonly kind: "retired" }>
  | { readonly kind: "not_allowed"; readonly route: R };

/**
 * Which route version a call reaches: one that exists, of the kind that is asked for, and that both plan and key allow.
 * A retired version is found too: `lifeAt` tells whether it answers. Hot path.
 */
export function admitToRoute<V extends ResolvableVersion, R extends AdmittingRoute<V>>(
  routes: ReadonlyMap<string, R>,
  asked: RouteQuestion,
): RouteAdmission<R, V> {
  const found = resolveModel<V, R>(routes, asked.model, asked.versionHeader);
  if (found.kind === "not_found" || found.kind === "conflict") return found;
  if (found.route.kind !== asked.kind) return { kind: "not_found" };
  if (!isRouteAllowed(asked.plan, asked.key, found.route.name)) return { kind: "not_allowed", route: found.route };
  return found.kind === "found" ? found : { kind: "found", route: found.route, version: found.version };
}
