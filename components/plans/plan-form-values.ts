import { z } from "zod";
import { splitWindow, windowSecondsOf } from "#components/plans/rate-limit-words.ts";
import { RouteName } from "#lib/contract/names.ts";
import { PlanInput, type PlanView } from "#lib/domain/plan/schemas.ts";

const daySeconds = 86_400;

const LimitRow = z
  .object({
    limit: z.int("Enter a whole number.").min(1, "At least 1.").max(1_000_000_000, "At most 1,000,000,000."),
    count: z.int("Enter a whole number.").min(1, "At least 1."),
    unit: z.enum(["second", "minute", "hour", "day"]),
  })
  .refine(({ count, unit }) => windowSecondsOf(count, unit) <= daySeconds, {
    path: ["count"],
    message: "A window is at most one day.",
  });

/** What the plan form holds, and what it sends: windows in a person's units become seconds. */
export const PlanFormSchema = z
  .object({
    name: PlanInput.shape.name,
    description: z.string().max(2_000, "At most 2,000 characters."),
    rateLimits: z.array(LimitRow).max(20, "At most 20 limits."),
    reach: z.enum(["every", "some"]),
    routes: z.array(RouteName),
  })
  .refine(({ reach, routes }) => reach === "every" || routes.length > 0, {
    path: ["routes"],
    message: "Choose at least one route, or allow every route.",
  })
  .transform(({ name, description, rateLimits, reach, routes }) => ({
    name,
    description,
    rateLimits: rateLimits.map(({ limit, count, unit }) => ({
      metric: "requests" as const,
      limit,
      windowSeconds: windowSecondsOf(count, unit),
    })),
    routes: reach === "every" ? ["*"] : routes,
  }));

export type PlanFormInput = z.input<typeof PlanFormSchema>;
export type PlanFormOutput = z.output<typeof PlanFormSchema>;

/** A new plan starts with one limit that is easy to change. */
export const newPlanValues: PlanFormInput = {
  name: "",
  description: "",
  rateLimits: [{ limit: 60, count: 1, unit: "minute" }],
  reach: "every",
  routes: [],
};

/** The form's values of a plan as it is. */
export function planFormValues(plan: PlanView): PlanFormInput {
  return {
    name: plan.name,
    description: plan.description,
    rateLimits: plan.rateLimits.map(({ limit, windowSeconds }) => ({ limit, ...splitWindow(windowSeconds) })),
    reach: plan.routes.includes("*") ? "every" : "some",
    routes: plan.routes.filter((name) => name !== "*"),
  };
}
