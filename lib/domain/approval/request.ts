import { compileDraft } from "../draft/index.ts";
import { DomainError } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { personBehind } from "./person-behind.ts";
import { latestApproval } from "./require-approved.ts";
import { ApprovalInput, ApprovalView } from "./schemas.ts";
import { approvalView, isAbout, isOpen } from "./view.ts";

/**
 * Asks another person to approve exactly what the draft is now; any change of it makes the request void. 409
 * `nothing_to_publish`, `conflict` where it is asked for already; 412.
 */
export const requestApproval = mutation({
  name: "approval.request",
  permission: "revision.publish",
  input: ApprovalInput,
  output: ApprovalView,
  async run(ctx, { note }) {
    await ctx.tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR UPDATE`;
    const draft = await compileDraft(ctx.tx, ctx.now());
    requireEtag(ctx, draft.etag);
    if (draft.changes.length === 0)
      throw new DomainError("nothing_to_publish", "The draft does not differ from what runs.");
    const latest = await latestApproval(ctx.tx, draft);
    if (latest && isOpen(latest) && isAbout(latest, draft)) {
      const state = latest.state === "approved" ? "is approved already" : "waits for an approval already";
      throw new DomainError("conflict", `Exactly this draft ${state}, on the request of ${latest.requesterName}.`);
    }
    const { base, sha256 } = draft;
    const { kind, id, name } = ctx.actor;
    const row = await ctx.tx.approval.create({
      data: {
        id: newId("apr"),
        base,
        sha256,
        note,
        changes: draft.changes.map((change) => ({
          op: change.op,
          resource: change.resource,
          id: change.id,
          name: change.name,
        })),
        personId: await personBehind(ctx.tx, ctx.actor),
        requesterKind: kind,
        requesterId: id,
        requesterName: name,
        requestedAt: ctx.now(),
      },
    });
    const output = approvalView(row, draft);
    return { output, audit: { resource: "approval", id: row.id, name: nameOf(row), after: output } };
  },
});

/** What a request is called in the audit. */
export function nameOf({ base, sha256 }: { base: number; sha256: string }): string {
  return `draft ${sha256.slice(0, 12)} on revision ${base}`;
}
