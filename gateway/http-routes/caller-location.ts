import { apiName } from "#gateway/pipeline/api-name.ts";
import type { Call } from "#gateway/pipeline/call.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";

/** The path of a place at the upstream itself; null for a place elsewhere, or relative to the path that was asked for. */
function pathAt(location: string, origin: string): string | null {
  if (location.startsWith("/") && !location.startsWith("//")) return location;
  if (!location.startsWith(origin)) return null;
  const rest = location.slice(origin.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : null;
}

function isBelow(path: string, base: string): boolean {
  if (!path.startsWith(base)) return false;
  const next = path.charAt(base.length);
  return next === "" || next === "/" || next === "?" || next === "#";
}

/**
 * An upstream's `Location` as the caller can follow it: a place below the upstream's base URL is one below the API's own
 * path, as long as paths are not rewritten. Null for what would only show the upstream's own address.
 */
export function callerLocation(location: string, call: Call, target: CompiledTarget): string | null {
  const path = pathAt(location, target.upstream.origin);
  // Another server, or relative to the path that was asked for: the caller reads it as the upstream meant it.
  if (path === null) return location;
  const base = target.endpoints.http?.path ?? "";
  const rewrite = call.version?.http?.rewrite;
  if (rewrite === undefined || rewrite.rewritten !== null || !isBelow(path, base)) return null;
  const stripped = rewrite.stripped.map((segment) => `/${segment}`).join("");
  return `/apis/${apiName(call.request.pathTail ?? "")}${stripped}${path.slice(base.length)}`;
}
