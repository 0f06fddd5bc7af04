import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { ApprovalView } from "../approval/schemas.ts";
import { PageInput, pageOf } from "../page.ts";
import { ScheduledPublishView } from "../scheduled-publish/schemas.ts";

export const DraftProblem = z.object({
  resource: z.enum(["upstream", "plan", "route"]),
  id: z.string(),
  name: z.string(),
  pointer: z.string(),
  code: z.string(),
  detail: z.string(),
});
export type DraftProblem = z.infer<typeof DraftProblem>;

/** The kinds of resources that a draft holds; a price goes by its provider and model: `openai/gpt-4o`. */
export const DraftResource = z.enum(["upstream", "plan", "route", "price"]);
const ResourceId = z.string().min(1).max(400);

/** Who did it; `name` is null once the personal half of the audit was destroyed. */
const Who = z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() });

const LastEdit = z.object({ at: Timestamp, actor: Who });
export type LastEdit = z.infer<typeof LastEdit>;

export const DraftView = z.object({
  /** The revision the draft is compared with: the active one, 0 before the first publish. */
  base: z.int(),
  /** Of exactly what would be published. */
  sha256: z.string(),
  changes: z.array(
    z.object({
      op: z.enum(["add", "update", "remove"]),
      resource: DraftResource,
      id: z.string(),
      name: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      /** Null where nobody edited it: a price of the price list. */
      lastEdit: LastEdit.nullable(),
    }),
  ),
  valid: z.boolean(),
  problems: z.array(DraftProblem),
  /** Whether another person must approve it, and the newest request: `void` where it is about another content. */
  approval: z.object({ required: z.boolean(), latest: ApprovalView.nullable() }),
  /** The publish that waits for its time; `isCurrent` false: the draft has changed since, and it will not run. */
  scheduled: ScheduledPublishView.nullable(),
  etag: z.string(),
});
export type DraftView = z.infer<typeof DraftView>;

/** `field`: a JSON pointer into the resource; a route's version goes by its number: `/versions/1.0.0/targets`. */
const Field = z
  .string()
  .max(400)
  .regex(/^(\/[^\p{Cc}]*)?$/u, "must be a JSON pointer such as /rateLimits");

export const HistoryInput = PageInput.omit({ q: true }).extend({
  resource: DraftResource.optional(),
  id: ResourceId.optional(),
  field: Field.optional(),
});

export const HistoryEntry = z.object({
  id: z.string(),
  at: Timestamp,
  actor: Who,
  /** What was done: `plan.update`, `draft.discardChange`. */
  action: z.string(),
  requestId: z.string(),
  auditEntryId: z.string(),
  resource: DraftResource,
  resourceId: z.string(),
  resourceName: z.string(),
  /** Which field; empty for the resource as a whole: it was added, or taken out. */
  pointer: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
export const HistoryPage = pageOf(HistoryEntry);

/** Which change to take back: of a resource or, with `field`, of one field of it. */
export const DiscardChangeInput = z.strictObject({
  resource: DraftResource,
  id: ResourceId,
  field: Field.refine((pointer) => pointer !== "", "must name a field; leave it out for the whole resource").optional(),
});
