import { z } from "zod";
import { newLimitRow, RateLimitBoxes, rateLimitBoxes, setRateLimits } from "#components/plans/rate-limit-values.ts";
import { RouteName } from "#lib/contract/names.ts";
import { PlanInput, type PlanView } from "#lib/domain/plan/schemas.ts";

/** What the plan form holds, and what it sends: windows in a person's units become seconds. */
export const PlanFormSchema = z
  .object({
    name: PlanInput.shape.name,
    description: z.string().max(2_000, "At most 2,000 characters."),
    rateLimits: RateLimitBoxes,
    maxStaleSeconds: PlanInput.shape.maxStaleSeconds.unwrap(),
    reach: z.enum(["every", "some"]),
    routes: z.array(RouteName),
  })
  .refine(({ reach, routes }) => reach === "every" || routes.length > 0, {
    path: ["routes"],
    message: "Choose at least one route, or allow every route.",
  })
  .transform(({ name, description, rateLimits, maxStaleSeconds, reach, routes }) => ({
    name,
    description,
    maxStaleSeconds,
    rateLimits: setRateLimits(rateLimits),
    routes: reach === "every" ? ["*"] : routes,
  }));

export type PlanFormInput = z.input<typeof PlanFormSchema>;
export type PlanFormOutput = z.output<typeof PlanFormSchema>;

/** A new plan starts with one limit that is easy to change. */
export const newPlanValues: PlanFormInput = {
  name: "",
  description: "",
  rateLimits: [newLimitRow("plan")],
  maxStaleSeconds: null,
  reach: "every",
  routes: [],
};

/** The form's values of a plan as it is. */
export function planFormValues(plan: PlanView): PlanFormInput {
  return {
    name: plan.name,
    description: plan.description,
    rateLimits: rateLimitBoxes(plan.rateLimits),
    maxStaleSeconds: plan.maxStaleSeconds,
    reach: plan.routes.includes("*") ? "every" : "some",
    routes: plan.routes.filter((name) => name !== "*"),
  };
}
