import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";
import { PublishInput } from "../revision/schemas.ts";

/** When to publish what the draft is now, and everything that a publish at once takes. */
export const ScheduleInput = PublishInput.extend({ at: Timestamp });

export const ScheduledPublishView = z.object({
  id: Id,
  at: Timestamp,
  note: z.string(),
  rollout: z.unknown(),
  incompatibleBecause: z.string().nullable(),
  /** The active revision that the draft was compared with, and the hash of what will be published. */
  base: z.int(),
  sha256: z.string(),
  state: z.enum(["waiting", "published", "failed", "cancelled"]),
  /** Whether the draft still is what was scheduled; false also once it is over. */
  isCurrent: z.boolean(),
  /** What it was published as. */
  revision: z.int().nullable(),
  /** Why it did not run: `draft_changed`, `missed`, or the code that a publish at that moment was refused with. */
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  author: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  createdAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  etag: z.string(),
});
export type ScheduledPublishView = z.infer<typeof ScheduledPublishView>;
export const ScheduledPublishListInput = PageInput.omit({ q: true });
export const ScheduledPublishPage = pageOf(ScheduledPublishView);
