import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";

/** One target that sends calls to an upstream. */
export interface RouteUse {
  route: RouteView;
  version: VersionView;
  target: VersionView["targets"][number];
}

/** Every target of the routes that an upstream serves. */
export function routesUsing(routes: readonly RouteView[], upstreamId: string): RouteUse[] {
  return routes.flatMap((route) =>
    route.versions.flatMap((version) =>
      version.targets
        .filter((target) => target.upstreamId === upstreamId)
        .map((target) => ({ route, version, target })),
    ),
  );
}
