/** Which routes a plan, or a key that narrows it, may call. Compiled once per snapshot or change; asked on each call. */
export interface RouteRule {
  readonly all: boolean;
  readonly names: ReadonlySet<string>;
}

/** Compiles a list of route names in which `*` means every route. */
export function compileRouteRule(routes: readonly string[]): RouteRule {
  return { all: routes.includes("*"), names: new Set(routes) };
}

/** Whether the plan allows the route and the key, if it narrows the plan, does too. Null: the key narrows nothing. */
export function isRouteAllowed(plan: RouteRule, keyRoutes: RouteRule | null, routeName: string): boolean {
  if (!plan.all && !plan.names.has(routeName)) return false;
  return keyRoutes === null || keyRoutes.all || keyRoutes.names.has(routeName);
}
