import type { CandidateRecord } from "#lib/contract/decision.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

function cannotServe(call: Call): Denial {
  const message = `The model "${call.route?.name}" cannot serve ${call.action}: none of its upstreams speaks it.`;
  return new Denial("action_not_supported", message, { param: "model", rule: `no target serves ${call.action}` });
}

/** Chooses the first target among those of the version, and records which there were. */
export const route: Stage = {
  name: "route",
  isNeeded: (needs) => needs.isInference,
  run(call: Call, parts: PipelineParts): StageResult {
    const { version, action } = call;
    if (version === null || action === "models") throw new Error("A call reached route without a version");
    const serving = version.forAction.get(action) ?? null;
    call.serving = serving;
    const chosen = serving === null ? null : parts.balancer.choose(serving, null);
    call.candidates = version.targets.map((target): CandidateRecord => {
      const isChosen = target === chosen;
      const reason = isChosen
        ? version.strategy
        : serving?.targets.includes(target) !== true
          ? `cannot serve ${action}`
          : target.weight === 0
            ? "out of service"
            : "not its turn";
      const { id: targetId, model, weight } = target;
      return { targetId, upstreamName: target.upstream.name, model, weight, chosen: isChosen, reason };
    });
    if (serving === null) return cannotServe(call);
    if (chosen === null) {
      return new Denial("upstream_unavailable", "No upstream of this model is in service.", { rule: "no target" });
    }
    call.target = chosen;
    call.allow("route", version.strategy, { target: chosen.id, upstream: chosen.upstream.name });
    return ALLOW;
  },
};
