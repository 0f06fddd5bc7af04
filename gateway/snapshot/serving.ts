import { CALLER_DIALECTS } from "#gateway/dialects/caller-dialects.ts";
import { EMBEDDING_CALLERS } from "#gateway/dialects/embedding-callers.ts";
import { type ForwardedAction, GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import type { CompiledTarget, CompiledVersion } from "./snapshot.ts";

function isForwarded(action: string): action is ForwardedAction {
  return action !== "models" && Object.hasOwn(GATEWAY_ACTIONS, action);
}

const ACTIONS = Object.keys(GATEWAY_ACTIONS).filter(isForwarded);

/** Whether a target can serve an action: its provider speaks it, or it can be translated. */
export function canServe(target: CompiledTarget, action: ForwardedAction): boolean {
  if (target.endpoints[action] !== undefined) return true;
  if (target.embedding !== null && EMBEDDING_CALLERS[action] !== undefined) return true;
  return target.translation !== null && CALLER_DIALECTS[action] !== undefined;
}

/** Works out once, for each action, which of a version's targets can serve it. */
export function withServing(version: Omit<CompiledVersion, "forAction">): CompiledVersion {
  const forAction = new Map<ForwardedAction, CompiledVersion>();
  const whole: CompiledVersion = { ...version, forAction };
  for (const action of ACTIONS) {
    const targets = version.targets.filter((target) => canServe(target, action));
    if (targets.length === version.targets.length) forAction.set(action, whole);
    else if (targets.length > 0) forAction.set(action, { ...version, targets, forAction });
  }
  return whole;
}
