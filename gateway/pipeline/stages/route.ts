import type { CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { hashedText, hashOf } from "#lib/policy/select-by-hash.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import { noneInService } from "../none-in-service.ts";
import type { PipelineParts, Stage } from "../parts.ts";

function cannotServe(call: Call): Denial {
  const message = `The model "${call.route?.name}" cannot serve ${call.action}: none of its upstreams speaks it.`;
  return new Denial("action_not_supported", message, { param: "model", rule: `no target serves ${call.action}` });
}

function keyHashOf({ facts, consumer, apiKey }: Call, { strategy, hashBy }: CompiledVersion): number {
  if (strategy !== "consistent_hash") return 0;
  return hashOf(hashedText(hashBy, facts?.user ?? null, consumer?.id ?? null, apiKey?.id ?? ""));
}

/** Chooses the first target among those of the version, and records which there were. */
export const route: Stage = {
  name: "route",
  isNeeded: (needs) => needs.isInference || needs.isHttp,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult {
    const { version, action } = call;
    if (version === null || action === "models") throw new Error("A call reached route without a version");
    const serving = version.forAction.get(action) ?? null;
    call.serving = serving;
    call.keyHash = keyHashOf(call, version);
    const chosen = serving === null ? null : parts.balancer.choose(serving, null, call.keyHash);
    call.candidates = version.targets.map((target) => {
      if (serving?.targets.includes(target) === true) return parts.balancer.explain(serving, target, chosen);
      const { id: targetId, model, weight } = target;
      const reason = `cannot serve ${action}`;
      return { targetId, upstreamName: target.upstream.name, model, weight, chosen: false, reason };
    });
    if (serving === null) return cannotServe(call);
    if (chosen === null) {
      return noneInService(serving, parts);
    }
    call.target = chosen;
    call.allow("route", version.strategy, { target: chosen.id, upstream: chosen.upstream.name });
    return ALLOW;
  },
};
