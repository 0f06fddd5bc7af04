import type { ScheduledPublish } from "#prisma/generated/client.ts";
import { type DraftContent, isAbout } from "../approval/view.ts";
import { etagOf } from "../etag.ts";
import { ScheduledPublishView } from "./schemas.ts";

/** A scheduled publish as people read it; `draft` is what the draft is now. */
export function scheduledPublishView(row: ScheduledPublish, draft: DraftContent): ScheduledPublishView {
  const { id, note, rollout, incompatibleBecause, base, sha256, state, revision, version } = row;
  return ScheduledPublishView.parse({
    id,
    at: row.at.toISOString(),
    note,
    rollout,
    incompatibleBecause,
    base,
    sha256,
    state,
    isCurrent: state === "waiting" && isAbout(row, draft),
    revision,
    failure: row.failureCode === null ? null : { code: row.failureCode, detail: row.failureDetail ?? "" },
    author: { kind: row.authorKind, id: row.authorId, name: row.authorName },
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    etag: etagOf(version),
  });
}

/** What a scheduled publish is called in the audit. */
export function nameOf({ at }: Pick<ScheduledPublish, "at">): string {
  return `publish at ${at.toISOString()}`;
}
