import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";

/** What a deprecated version says of itself on every answer, and a retired one on its refusals: RFC 9745, RFC 8594 and RFC 8288, as a flat header list. */
export function retirementHeaders(routeName: string, version: RouteVersionDocument): readonly string[] {
  if (version.status === "active") return [];
  const headers: string[] = [];
  if (version.deprecatedAt !== null) {
    headers.push("deprecation", `@${Math.floor(Date.parse(version.deprecatedAt) / 1_000)}`);
  }
  if (version.sunsetAt !== null) headers.push("sunset", new Date(version.sunsetAt).toUTCString());
  if (version.successor !== null) {
    const successor = encodeURIComponent(`${routeName}@${version.successor}`);
    headers.push("link", `</v1/models/${successor}>; rel="successor-version"`);
  }
  return headers;
}
