import type { CompiledRoute, CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { isRouteAllowed } from "#lib/policy/plan-allows.ts";
import { resolveModel } from "#lib/policy/resolve-model.ts";
import { admitConsumer } from "../admit-consumer.ts";
import { answerHeaders } from "../answer-headers.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

function modelObject(id: string) {
  return { id, object: "model", created: 0, owned_by: "turnpike" };
}

function send(call: Call, parts: PipelineParts, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const headers = answerHeaders(call, parts.monotonicMs());
  headers.push("content-type", "application/json", "content-length", String(body.length));
  call.status = 200;
  call.outcome = "ok";
  call.firstByteMs = parts.monotonicMs() - call.startedMs;
  call.reply.whole(200, headers, body);
}

function findOne(call: Call, name: string, isAllowed: (route: CompiledRoute) => boolean): string | null {
  const found = resolveModel<CompiledVersion, CompiledRoute>(call.snapshot.routes, name, null);
  return found.kind === "found" && isAllowed(found.route) ? name : null;
}

/** Answers `/v1/models` with exactly what the key may call. Not counted by rate limits. */
export const listModels: Stage = {
  name: "models",
  isNeeded: (needs) => !needs.isInference,
  run(call: Call, parts: PipelineParts): StageResult {
    const plan = admitConsumer(call);
    if (plan instanceof Denial) return plan;
    const keyRoutes = call.apiKey?.routes ?? null;
    const isAllowed = (route: CompiledRoute): boolean => isRouteAllowed(plan.routes, keyRoutes, route.name);
    const { pathTail } = call.request;
    if (pathTail !== null) {
      const id = findOne(call, pathTail, isAllowed);
      if (id === null) return new Denial("model_not_found", "This model does not exist.", { param: "model" });
      call.allow("models", `plan ${plan.name}`);
      send(call, parts, modelObject(id));
      return ALLOW;
    }
    const routes = [...call.snapshot.routes.values()];
    const callable = routes.filter((route) => route.defaultVersion.status !== "retired" && isAllowed(route));
    call.allow("models", `plan ${plan.name}`, { models: callable.length });
    send(call, parts, { object: "list", data: callable.map((route) => modelObject(route.name)) });
    return ALLOW;
  },
};
