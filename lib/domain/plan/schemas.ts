import { z } from "zod";
import { isMoney } from "../../contract/money.ts";
import { DisplayName, Id, RouteName, Timestamp } from "../../contract/names.ts";
import { MaxStaleSeconds } from "../../contract/policy-document.ts";
import { PlanRateLimit, RATE_LIMITS_MAX } from "../../contract/rate-limit.ts";
import { pageOf } from "../page.ts";

/** What `quotas` will hold. Refused while nodes do not enforce it: a limit that looks set and is not would be worse. */
const Quota = z.strictObject({
  metric: z.enum(["requests", "tokens", "cost"]),
  limit: z.union([z.int().min(0), z.string().refine(isMoney, 'must be an amount such as "25.00"')]),
  period: z.enum(["day", "week", "month"]),
  strict: z.boolean().optional(),
});

export const PlanInput = z.strictObject({
  name: DisplayName,
  description: z.string().max(2_000).default(""),
  rateLimits: z.array(PlanRateLimit).max(RATE_LIMITS_MAX).default([]),
  quotas: z
    .array(Quota)
    .max(20)
    .refine((quotas) => quotas.length === 0, {
      message: "Quotas are not enforced in this release. Leave them out, or use rateLimits.",
      params: { code: "not_supported" },
    })
    .default([]),
  /** Route names, or "*" for every route. */
  routes: z
    .array(z.union([z.literal("*"), RouteName]))
    .max(1_000)
    .default(["*"]),
  /** How long a node that has lost the control plane serves calls of this plan; null: as long as it lives. */
  maxStaleSeconds: MaxStaleSeconds.nullable().default(null),
});

export const PlanView = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  rateLimits: z.array(PlanRateLimit),
  quotas: z.array(Quota),
  routes: z.array(z.string()),
  maxStaleSeconds: z.int().nullable(),
  consumers: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type PlanView = z.infer<typeof PlanView>;
export const PlanPage = pageOf(PlanView);
