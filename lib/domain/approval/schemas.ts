import { z } from "zod";
import { Id, Timestamp } from "../../contract/names.ts";
import { PageInput, pageOf } from "../page.ts";

const Note = z.string().trim().max(2_000).default("");

export const ApprovalInput = z.strictObject({ note: Note });
export const DecisionInput = z.strictObject({ id: Id, note: Note });

/**
 * A request that another person look at exactly one content of the draft. `void`: the draft has another content now, or
 * another revision is active; nothing can be published under it.
 */
export const ApprovalView = z.object({
  id: Id,
  /** The active revision that the draft was compared with. */
  base: z.int(),
  /** Of the document that would be published. */
  sha256: z.string(),
  note: z.string(),
  changes: z.array(z.object({ op: z.string(), resource: z.string(), id: z.string(), name: z.string() })),
  state: z.enum(["waiting", "approved", "rejected", "withdrawn", "published", "void"]),
  requester: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  requestedAt: Timestamp,
  decision: z
    .object({ by: z.object({ id: z.string(), name: z.string() }), note: z.string(), at: Timestamp })
    .nullable(),
  /** What was published under it. */
  revision: z.int().nullable(),
  etag: z.string(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;
export const ApprovalListInput = PageInput.omit({ q: true });
export const ApprovalPage = pageOf(ApprovalView);
