import type { CompiledRoute, CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { lifeAt } from "#lib/policy/version-life.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";

/** How a caller names another version of a route. */
function nameOf({ kind, name }: CompiledRoute, version: string): string {
  return kind === "http" ? `/apis/${name}@${version}/…` : `"${name}@${version}"`;
}

/**
 * Whether the version that a call asks for answers now: not when it is retired, not after its sunset, not in a brown-out.
 * Sets `call.route` and `call.version` in any case, so that the record says who still calls what, and the refusal carries
 * the version's headers.
 */
export function admitVersion(call: Call, route: CompiledRoute, version: CompiledVersion, nowMs: number): Denial | null {
  call.route = route;
  call.version = version;
  const moment = lifeAt(version.life, nowMs);
  if (moment.kind === "alive") return null;
  const param = route.kind === "http" ? null : "model";
  const instead = version.successor === null ? "" : ` Use ${nameOf(route, version.successor)} instead.`;
  const subject = `Version ${version.version} of "${route.name}"`;
  if (moment.kind === "retired") {
    const since = moment.sinceMs === null ? "" : ` since ${new Date(moment.sinceMs).toISOString()}`;
    const rule = moment.sinceMs === null ? `${version.label} retired` : `${version.label} past its sunset`;
    return new Denial("version_retired", `${subject} is retired${since}.${instead}`, { param, rule });
  }
  const waitMs = Math.max(1, moment.untilMs - nowMs);
  const until = new Date(moment.untilMs).toISOString();
  return new Denial(
    "version_retired",
    `${subject} is in a planned brown-out until ${until}, because it will be retired.${instead}`,
    {
      param,
      rule: `${version.label} in a brown-out until ${until}`,
      headers: ["retry-after", String(Math.ceil(waitMs / 1_000)), "retry-after-ms", String(Math.ceil(waitMs))],
    },
  );
}
