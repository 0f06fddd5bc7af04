import { createHash } from "node:crypto";
import type { RouteVersionDocument, UpstreamDocument } from "#lib/contract/policy-document.ts";

/**
 * What makes a version's answers its own: its route, its number, all that the revision says of it, and the upstreams
 * behind it. When any of it changes, so does every key, and nothing kept before is served.
 */
export function cacheSeed(
  routeId: string,
  routeName: string,
  version: RouteVersionDocument,
  upstreams: ReadonlyMap<string, UpstreamDocument>,
): string {
  const behind = version.targets.map(({ upstreamId }) => {
    const upstream = upstreams.get(upstreamId);
    return [upstreamId, upstream?.provider, upstream?.baseUrl, upstream?.options];
  });
  return createHash("sha256")
    .update(JSON.stringify([routeId, routeName, version, behind]))
    .digest("base64url");
}
