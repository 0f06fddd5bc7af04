import type { CandidateRecord } from "#lib/contract/decision.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

/** Chooses the first target among those of the version, and records which there were. */
export const route: Stage = {
  name: "route",
  isNeeded: (needs) => needs.isInference,
  run(call: Call, parts: PipelineParts): StageResult {
    const { version } = call;
    if (version === null) throw new Error("A call reached route without a version");
    const chosen = parts.balancer.choose(version, null);
    call.candidates = version.targets.map((target): CandidateRecord => {
      const isChosen = target === chosen;
      const reason = isChosen ? version.strategy : target.weight === 0 ? "out of service" : "not its turn";
      const { id: targetId, model, weight } = target;
      return { targetId, upstreamName: target.upstream.name, model, weight, chosen: isChosen, reason };
    });
    if (chosen === null) {
      return new Denial("upstream_unavailable", "No upstream of this model is in service.", { rule: "no target" });
    }
    call.target = chosen;
    call.allow("route", version.strategy, { target: chosen.id, upstream: chosen.upstream.name });
    return ALLOW;
  },
};
