import { createPlan, deletePlan, getPlan, listPlans, updatePlan } from "../../domain/plan/index.ts";
import { PlanInput } from "../../domain/plan/schemas.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const plans: readonly Endpoint[] = [
  endpoint({ method: "GET", path: "/plans", verb: listPlans, summary: "List the plans of the draft" }),
  endpoint({
    method: "POST",
    path: "/plans",
    verb: createPlan,
    created: "/plans/{id}",
    summary: "Add a plan to the draft",
  }),
  endpoint({ method: "GET", path: "/plans/{id}", verb: getPlan, summary: "Read a plan of the draft" }),
  endpoint({
    method: "PATCH",
    path: "/plans/{id}",
    verb: updatePlan,
    patches: PlanInput,
    summary: "Change a plan in the draft",
  }),
  endpoint({ method: "DELETE", path: "/plans/{id}", verb: deletePlan, summary: "Take a plan out of the draft" }),
];
