import { admitToRoute, planOf } from "../../policy/admit-caller.ts";
import { forbidsParameter, judgeOutput, sizeProblem } from "../../policy/guard-request.ts";
import type { RouteRule } from "../../policy/plan-allows.ts";
import { reservedTokens } from "../../policy/reserved-tokens.ts";
import { lifeAt } from "../../policy/version-life.ts";
import type { Caller, RecordedCall } from "./recorded-call.ts";
import type { SimulatedPlan, SimulatedPolicy, SimulatedRoute, SimulatedVersion } from "./simulated-policy.ts";

/** A refusal with the code that its caller would get, and the rule in words. */
export interface Refusal {
  readonly code: string;
  readonly rule: string;
}

/** What a call reached before its limits were asked. */
export interface Reached {
  readonly plan: SimulatedPlan | null;
  readonly route: SimulatedRoute | null;
  readonly version: SimulatedVersion | null;
  readonly refusal: Refusal | null;
}

/** Refusals that came before anything that a document says. */
const BEFORE_POLICY: ReadonlySet<string> = new Set(["key_expired", "revision_behind"]);

/** Whether a call was refused before policy was asked: an expired key, a body that could not be read. */
export function wasRefusedBeforePolicy({ outcome, attempts, errorCode, asked, action, requestedModel }: RecordedCall) {
  if (outcome !== "denied" || attempts > 0) return false;
  if (BEFORE_POLICY.has(errorCode ?? "")) return true;
  return action !== "http" && (asked === null ? requestedModel === null : asked.bodyBytes === 0);
}

const refused = (code: string, rule: string): Reached => ({
  plan: null,
  route: null,
  version: null,
  refusal: { code, rule },
});

/** Asks a document, with the node's own functions, what a call may reach at the moment it was made. Charges nothing. */
export function admit(policy: SimulatedPolicy, call: RecordedCall, caller: Caller, key: RouteRule | null): Reached {
  const plan = planOf({ ...caller, minRevision: 0 }, policy);
  if (plan === "suspended" || plan === "behind") return refused("consumer_suspended", "the consumer is suspended");
  if (plan === "unknown_plan") return refused("model_not_allowed", "the consumer's plan does not exist");
  const kind = call.action === "http" ? "http" : "model";
  const model = call.requestedModel ?? "";
  const found = admitToRoute<SimulatedVersion, SimulatedRoute>(policy.routes, {
    kind,
    model,
    versionHeader: call.asked?.version ?? null,
    plan: plan.routes,
    key,
  });
  if (found.kind === "conflict") return refused("invalid_request", "two versions");
  if (found.kind === "not_found") {
    return refused(kind === "http" ? "not_found" : "model_not_found", `no such route or version: ${model}`);
  }
  const { route } = found;
  if (found.kind === "not_allowed") {
    const code = kind === "http" ? "route_not_allowed" : "model_not_allowed";
    return { plan, route, version: null, refusal: { code, rule: `plan ${plan.name} or the key: not ${route.name}` } };
  }
  const { version } = found;
  return { plan, route, version, refusal: refusalByVersion(version, call) };
}

function refusalByVersion(version: SimulatedVersion, call: RecordedCall): Refusal | null {
  const moment = lifeAt(version.life, call.startedMs);
  if (moment.kind === "retired") {
    const how = moment.sinceMs === null ? "retired" : "past its sunset";
    return { code: "version_retired", rule: `${version.label} ${how}` };
  }
  if (moment.kind === "brownout") return { code: "version_retired", rule: `${version.label} in a brown-out` };
  const { action, errorCode, outcome } = call;
  if (action === "http") {
    // Its path is not kept: what the route's paths and methods said then is taken as it was.
    const isByPath = outcome === "denied" && PATH_CODES.has(errorCode ?? "");
    return isByPath ? { code: errorCode ?? "", rule: "as recorded: paths are not kept" } : null;
  }
  return refusalByGuard(version, call);
}

const PATH_CODES: ReadonlySet<string> = new Set(["not_found", "method_not_allowed", "invalid_request"]);

function refusalByGuard(version: SimulatedVersion, { asked, action, parameters }: RecordedCall): Refusal | null {
  if (asked === null) return null;
  const blocked = (name: string, why: string): Refusal => ({ code: "guardrail_blocked", rule: `${name}: ${why}` });
  for (const guard of version.maxPrompt) {
    const why = guard.mode === "enforce" ? sizeProblem(guard, asked.bodyBytes) : null;
    if (why !== null) return blocked(guard.name, why);
  }
  for (const compiled of version.parameters) {
    if (compiled.guard.mode !== "enforce") continue;
    const name = parameters.find((each) => forbidsParameter(compiled, each));
    if (name !== undefined) return blocked(compiled.guard.name, `the parameter "${name}" is not allowed`);
  }
  for (const guard of version.maxOutput) {
    const verdict = guard.mode === "enforce" ? judgeOutput(guard, action, asked) : null;
    if (verdict?.problem) return blocked(guard.name, verdict.problem.why);
  }
  return null;
}

/** What a call reserves from limits of tokens, once the version's guards have bounded its answer. */
export function tokensToReserve(version: SimulatedVersion, { asked, action, usage }: RecordedCall): number {
  if (asked === null) return usage.inputTokens + usage.outputTokens;
  let { maxOutputTokens } = asked;
  for (const guard of version.maxOutput) {
    const verdict = guard.mode === "enforce" ? judgeOutput(guard, action, asked) : null;
    if (verdict !== null) maxOutputTokens = Math.min(maxOutputTokens ?? verdict.perAnswer, verdict.perAnswer);
  }
  return reservedTokens(action, { ...asked, maxOutputTokens });
}
