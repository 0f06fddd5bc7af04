import type { Approval } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { requireApproved, spendApproval } from "../approval/require-approved.ts";
import type { Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import type { CompiledDraft } from "../draft/read.ts";
import type { DraftProblem } from "../draft/schemas.ts";
import { DomainError } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { refuseWhileRunning, startCanary } from "../rollout/start.ts";
import { mutation } from "../verb.ts";
import { appendRevision } from "./append.ts";
import { placeOf } from "./place.ts";
import { PublishInput, RevisionView } from "./schemas.ts";
import { revisionView } from "./view.ts";

/** A note grows by what is published in spite of its callers. */
const NOTE_CHARS_MAX = 8_000;

/**
 * Publishes the whole draft as the next revision. `If-Match` with the draft's ETag makes sure that nothing unseen goes
 * along; a canary gives it to some nodes first. 409 `draft_invalid`, `plan_in_use`, `incompatible_version`,
 * `nothing_to_publish`, `approval_required`, `rollout_running`, `rollout_impossible`; 412.
 */
export const publishRevision = mutation({
  name: "revision.publish",
  permission: "revision.publish",
  input: PublishInput,
  output: RevisionView,
  async run(ctx, { note: written, incompatibleBecause, rollout }) {
    const { draft, accepted, approval } = await requirePublishable(ctx, incompatibleBecause);
    await refuseWhileRunning(ctx.tx);
    const note = accepted.length === 0 ? written : withReason(written, accepted, incompatibleBecause ?? "");
    const row = await appendRevision(ctx, {
      text: draft.text,
      sha256: draft.sha256,
      kind: "publish",
      rolledBackTo: null,
      note,
    });
    if (approval) await spendApproval(ctx.tx, approval, row.number);
    const canary = rollout.strategy === "canary" ? await startCanary(ctx, row, rollout) : null;
    const output = revisionView(row, await placeOf(ctx.tx, [row.number]));
    const changes = draft.changes.map(({ op, resource, id, name }) => ({ op, resource, id, name }));
    const approvedBy = approval && { approval: approval.id, id: approval.deciderId, name: approval.deciderName };
    return {
      output,
      audit: {
        resource: "revision",
        id: String(row.number),
        name: `revision ${row.number}`,
        after: { ...output, changes, approvedBy, canaryNodes: canary?.canary },
      },
    };
  },
});

/**
 * The draft, if it could be published at this moment, what it takes from callers in spite of that, and who approved it.
 * Publishes queue up here, and a consumer that chooses a plan at this moment waits for the outcome. Throws what
 * `publishRevision` throws.
 */
export async function requirePublishable(
  ctx: Context & { tx: Tx },
  incompatibleBecause: string | undefined,
): Promise<{ draft: CompiledDraft; accepted: DraftProblem[]; approval: Approval | null }> {
  await ctx.tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR UPDATE`;
  const draft = await compileDraft(ctx.tx, ctx.now());
  requireEtag(ctx, draft.etag);
  const { problems } = draft;
  const accepted = incompatibleBecause === undefined ? [] : problems.filter(isIncompatibility);
  refuseProblems(problems.filter((problem) => !accepted.includes(problem)));
  if (draft.changes.length === 0 && draft.base > 0)
    throw new DomainError("nothing_to_publish", `The draft does not differ from revision ${draft.base}.`);
  return { draft, accepted, approval: await requireApproved(ctx.tx, draft) };
}

function isIncompatibility({ code }: DraftProblem): boolean {
  return code === "incompatible_version";
}

/** The note with what was taken away from callers, and why. */
function withReason(note: string, accepted: readonly DraftProblem[], reason: string): string {
  const what = accepted.map(({ name, detail }) => `${name}: ${detail.split(". ", 1)[0]}.`);
  return [note, `Published although callers lose something, because: ${reason}`, ...what]
    .filter((line) => line !== "")
    .join("\n")
    .slice(0, NOTE_CHARS_MAX);
}

/** Throws the 409 that names every problem: which resource, which field, what to do. */
export function refuseProblems(problems: DraftProblem[]): void {
  if (problems.length === 0) return;
  const fields = problems.map((problem) => ({
    pointer: `/${problem.resource}s/${problem.id}${problem.pointer}`,
    code: problem.code,
    detail: `${problem.name}: ${problem.detail}`,
  }));
  const onlyPlans = problems.every((problem) => problem.code === "plan_in_use");
  const kind = problems.every(isIncompatibility) ? "incompatible_version" : "draft_invalid";
  throw new DomainError(onlyPlans ? "plan_in_use" : kind, fields[0]?.detail ?? "The draft has problems.", fields);
}
