import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import { resolveModel } from "#lib/policy/resolve-model.ts";
import { RevisionRejected } from "./revision-rejected.ts";
import type { CompiledRoute, CompiledVersion, Snapshot } from "./snapshot.ts";

function fail(path: string, message: string): never {
  throw new RevisionRejected("self_check_failed", path, message);
}

/**
 * Asks a freshly built snapshot, before anybody depends on it, what calls will ask: does every name and version in the
 * document resolve to itself, and can a target be chosen for each? Throws `RevisionRejected`.
 */
export function selfCheck(snapshot: Snapshot, document: PolicyDocument): void {
  for (const [index, route] of document.routes.entries()) {
    for (const [place, version] of route.versions.entries()) {
      const path = `/routes/${index}/versions/${place}`;
      const found = resolveModel<CompiledVersion, CompiledRoute>(
        snapshot.routes,
        `${route.name}@${version.version}`,
        null,
      );
      if (!("version" in found) || found.version.version !== version.version)
        fail(path, "The version does not resolve.");
      if (!found.version.targets.some((target) => target.weight > 0)) {
        fail(`${path}/targets`, "No target can be chosen.");
      }
    }
  }
  for (const [index, plan] of document.plans.entries()) {
    if (snapshot.plans.get(plan.id)?.name !== plan.name) fail(`/plans/${index}`, "The plan does not resolve.");
  }
}
