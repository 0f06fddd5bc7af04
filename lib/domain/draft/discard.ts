import { z } from "zod";
import { fieldChanges } from "../../contract/field-changes.ts";
import { requireEtag } from "../etag.ts";
import { activeRevision } from "../revision/active.ts";
import { mutation } from "../verb.ts";
import type { DraftChange } from "./changes.ts";
import { closeDraft } from "./lock.ts";
import { compileDraft } from "./read.ts";
import type { PolicyChange } from "./record-changes.ts";
import { restorePolicy } from "./restore.ts";

/** Throws every unpublished edit away: the policy tables are what the active revision says again. 412. */
export const discardDraft = mutation({
  name: "draft.discard",
  permission: "draft.discard",
  input: z.strictObject({}),
  output: z.null(),
  async run(ctx) {
    await closeDraft(ctx.tx);
    const draft = await compileDraft(ctx.tx, ctx.now());
    requireEtag(ctx, draft.etag);
    const edits = draft.changes.filter(isEdit);
    if (edits.length === 0) return { output: null, audit: "unchanged" };
    const { document } = await activeRevision(ctx.tx);
    await restorePolicy(ctx.tx, document);
    const name = `based on revision ${draft.base}`;
    const policyChanges = edits.flatMap((edit) => takenBack(edit, edit.before));
    return {
      output: null,
      audit: { resource: "draft", id: "draft", name, before: { changes: edits }, policyChanges },
    };
  },
});

/** The price list's own prices come with the package: no edit of anybody's. */
export function isEdit({ resource, before, after }: DraftChange): boolean {
  return resource !== "price" || isOverride(before) || isOverride(after);
}

/** Whether a price is set by an admin. */
export function isOverride(side: unknown): boolean {
  return typeof side === "object" && side !== null && "isOverride" in side && side.isOverride === true;
}

/** What of the draft changes when a resource becomes what it is restored to. */
export function takenBack({ resource, id, name, after }: DraftChange, restored: unknown): PolicyChange[] {
  return fieldChanges(after ?? undefined, restored ?? undefined).map((change) => ({ resource, id, name, ...change }));
}
