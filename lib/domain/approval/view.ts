import type { Approval } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import { ApprovalView } from "./schemas.ts";

/** What a request is about: one content of the draft, compared with one revision. */
export interface DraftContent {
  base: number;
  sha256: string;
}

/** A request as people read it; `draft` is what the draft is now. */
export function approvalView(row: Approval, draft: DraftContent): ApprovalView {
  const { id, base, sha256, note, changes, revision, version } = row;
  const decision =
    row.decidedAt === null
      ? null
      : {
          by: { id: row.deciderId ?? "", name: row.deciderName ?? "" },
          note: row.decisionNote ?? "",
          at: row.decidedAt.toISOString(),
        };
  return ApprovalView.parse({
    id,
    base,
    sha256,
    note,
    changes,
    state: isOpen(row) && !isAbout(row, draft) ? "void" : row.state,
    requester: { kind: row.requesterKind, id: row.requesterId, name: row.requesterName },
    requestedAt: row.requestedAt.toISOString(),
    decision,
    revision,
    etag: etagOf(version),
  });
}

/** Whether something could still come of it. */
export function isOpen({ state }: Pick<Approval, "state">): boolean {
  return state === "waiting" || state === "approved";
}

/** Whether a request is about exactly this content. */
export function isAbout(row: DraftContent, draft: DraftContent): boolean {
  return row.base === draft.base && row.sha256 === draft.sha256;
}
