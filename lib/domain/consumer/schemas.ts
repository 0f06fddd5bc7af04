import { z } from "zod";
import { DisplayName, Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";

export const ConsumerInput = z.strictObject({ name: DisplayName, teamId: Id, planId: Id });

/** What may change later. `suspended` with a reason stops every key of the consumer at once. */
export const ConsumerPatch = z.strictObject({
  name: DisplayName,
  planId: Id,
  suspended: z.boolean(),
  suspendedReason: z.string().trim().max(500).optional(),
});

export const ConsumerView = z.object({
  id: Id,
  name: z.string(),
  teamId: Id,
  teamName: z.string(),
  planId: Id,
  /** Null when the plan is in no active revision (it was taken away by hand in the database). */
  planName: z.string().nullable(),
  suspended: z.boolean(),
  suspendedReason: z.string().nullable(),
  suspendedAt: Timestamp.nullable(),
  apiKeys: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  etag: z.string(),
});
export type ConsumerView = z.infer<typeof ConsumerView>;
export const ConsumerPage = pageOf(ConsumerView);
export const ConsumerListInput = PageInput.extend({ teamId: Id.optional(), planId: Id.optional() });
