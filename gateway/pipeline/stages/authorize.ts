import type { CompiledRoute, CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { admitToRoute } from "#lib/policy/admit-caller.ts";
import { admitConsumer } from "../admit-consumer.ts";
import { admitVersion } from "../admit-version.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

function shown(model: string): string {
  return JSON.stringify(model.length > 200 ? `${model.slice(0, 200)}…` : model);
}

function notFound(model: string): Denial {
  return new Denial("model_not_found", `The model ${shown(model)} does not exist.`, {
    param: "model",
    rule: "no such route",
  });
}

/** Whether this consumer's plan, and this key, may call the model that was asked for; and which version that is. */
export const authorize: Stage = {
  name: "authorize",
  isNeeded: (needs) => needs.isInference,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult {
    const plan = admitConsumer(call, parts.staleMs);
    if (plan instanceof Denial) return plan;
    if (call.facts === null || call.apiKey === null) throw new Error("A call reached authorize without key or body");
    const { model } = call.facts;
    const found = admitToRoute<CompiledVersion, CompiledRoute>(call.snapshot.routes, {
      kind: "model",
      model,
      versionHeader: call.versionHeader,
      plan: plan.routes,
      key: call.apiKey.routes,
    });
    if (found.kind === "not_found") return notFound(model);
    if (found.kind === "conflict") {
      return new Denial("invalid_request", "The model's name and x-api-version pin different versions.", {
        param: "model",
        rule: "two versions",
      });
    }
    if (found.kind === "not_allowed") {
      return new Denial("model_not_allowed", `This key may not call the model ${shown(model)}.`, {
        param: "model",
        rule: `plan ${plan.name} and key do not allow ${found.route.name}`,
      });
    }
    const denial = admitVersion(call, found.route, found.version, parts.nowMs());
    if (denial !== null) return denial;
    call.allow("authorize", `plan ${plan.name} allows ${found.route.name}`, { version: found.version.version });
    return ALLOW;
  },
};
