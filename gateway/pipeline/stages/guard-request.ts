import { checkRequest } from "#gateway/guard/check-request.ts";
import type { Call } from "../call.ts";
import { ALLOW, type StageResult } from "../denial.ts";
import type { Stage } from "../parts.ts";

/** Guardrails that need not read the prompt: its size, its parameters, how long the answer may get. Before any limit. */
export const guardRequest: Stage = {
  name: "guard-request",
  isNeeded: (needs) => needs.isInference,
  hasOwnDeadline: false,
  run(call: Call): StageResult {
    const guards = call.version?.guards ?? null;
    return guards === null ? ALLOW : (checkRequest(call, guards) ?? ALLOW);
  },
};
