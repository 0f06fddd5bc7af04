import type { CompiledRoute, CompiledVersion } from "#gateway/snapshot/snapshot.ts";
import { isRouteAllowed } from "#lib/policy/plan-allows.ts";
import { resolveModel } from "#lib/policy/resolve-model.ts";
import { lifeAt } from "#lib/policy/version-life.ts";
import { admitConsumer } from "../admit-consumer.ts";
import { answerHeaders } from "../answer-headers.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import { modelAnswer, modelListAnswer, type NamedModel } from "../model-answers.ts";
import type { PipelineParts, Stage } from "../parts.ts";

function send(call: Call, parts: PipelineParts, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  const headers = answerHeaders(call, parts.monotonicMs());
  headers.push("content-type", "application/json", "content-length", String(body.length));
  call.status = 200;
  call.outcome = "ok";
  call.firstByteMs = parts.monotonicMs() - call.startedMs;
  call.reply.whole(200, headers, body);
}

function findOne(
  call: Call,
  name: string,
  nowMs: number,
  isAllowed: (route: CompiledRoute) => boolean,
): NamedModel | null {
  const found = resolveModel<CompiledVersion, CompiledRoute>(call.snapshot.routes, name, null);
  const isAlive = found.kind === "found" && lifeAt(found.version.life, nowMs).kind !== "retired";
  return isAlive && isAllowed(found.route) ? { name, version: found.version } : null;
}

/** Answers `/v1/models` and `/v1beta/models` with exactly what the key may call. Not counted by rate limits. */
export const listModels: Stage = {
  name: "models",
  isNeeded: (needs) => !needs.isInference && !needs.isHttp,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult {
    const plan = admitConsumer(call, parts.staleMs);
    if (plan instanceof Denial) return plan;
    const keyRoutes = call.apiKey?.routes ?? null;
    const isAllowed = (route: CompiledRoute): boolean =>
      route.kind === "model" && isRouteAllowed(plan.routes, keyRoutes, route.name);
    const { pathTail } = call.request;
    if (pathTail !== null) {
      const model = findOne(call, pathTail, parts.nowMs(), isAllowed);
      if (model === null) return new Denial("model_not_found", "This model does not exist.", { param: "model" });
      call.allow("models", `plan ${plan.name}`);
      send(call, parts, modelAnswer(call.format, model));
      return ALLOW;
    }
    const routes = [...call.snapshot.routes.values()];
    const nowMs = parts.nowMs();
    const isAlive = ({ defaultVersion }: CompiledRoute): boolean =>
      lifeAt(defaultVersion.life, nowMs).kind !== "retired";
    const callable = routes.filter((route) => isAlive(route) && isAllowed(route));
    call.allow("models", `plan ${plan.name}`, { models: callable.length });
    const models = callable.map((route) => ({ name: route.name, version: route.defaultVersion }));
    send(call, parts, modelListAnswer(call.format, models));
    return ALLOW;
  },
};
