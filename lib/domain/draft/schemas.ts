import { z } from "zod";

export const DraftProblem = z.object({
  resource: z.enum(["upstream", "plan", "route"]),
  id: z.string(),
  name: z.string(),
  pointer: z.string(),
  code: z.string(),
  detail: z.string(),
});
export type DraftProblem = z.infer<typeof DraftProblem>;

export const DraftView = z.object({
  /** The revision the draft is compared with: the active one, 0 before the first publish. */
  base: z.int(),
  changes: z.array(
    z.object({
      op: z.enum(["add", "update", "remove"]),
      resource: z.enum(["upstream", "plan", "route", "price"]),
      id: z.string(),
      name: z.string(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  valid: z.boolean(),
  problems: z.array(DraftProblem),
  etag: z.string(),
});
export type DraftView = z.infer<typeof DraftView>;
