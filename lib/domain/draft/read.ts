import { z } from "zod";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import type { PolicyDocument } from "../../contract/policy-document.ts";
import { findPolicyProblems } from "../../contract/references.ts";
import type { Tx } from "../../db/client.ts";
import { latestApproval } from "../approval/require-approved.ts";
import { approvalView } from "../approval/view.ts";
import { activeRevision } from "../revision/active.ts";
import { compilePolicy, pricesOn, readPolicyRows } from "../revision/compile.ts";
import { scheduledPublishView } from "../scheduled-publish/view.ts";
import { query } from "../verb.ts";
import { type DraftChange, draftChanges } from "./changes.ts";
import { incompatibilities } from "./compatibility.ts";
import { editKey, lastEdits } from "./last-edits.ts";
import { type DraftProblem, DraftView } from "./schemas.ts";

/** The draft, compiled: what it would publish, how that differs from the active revision, and what stands in its way. */
export interface CompiledDraft {
  base: number;
  document: PolicyDocument;
  /** The canonical text of the document and its hash: what a revision carries. */
  text: string;
  sha256: string;
  changes: DraftChange[];
  problems: DraftProblem[];
  etag: string;
}

/** Compiles the draft as it stands. */
export async function compileDraft(tx: Tx, now: Date): Promise<CompiledDraft> {
  const active = await activeRevision(tx);
  const document = compilePolicy(await readPolicyRows(tx), pricesOn(now));
  const text = canonicalJson(document);
  const sha256 = sha256Hex(text);
  const problems = [
    ...findPolicyProblems(document),
    ...(await plansInUse(tx, active.document, document)),
    ...(await incompatibilities(tx, active.document, document, now)),
  ];
  const etag = `"${active.number}-${sha256.slice(0, 16)}"`;
  return {
    base: active.number,
    document,
    text,
    sha256,
    changes: draftChanges(active.document, document),
    problems,
    etag,
  };
}

/** Live consumers must not lose their plan: a node would have to deny them. */
export async function plansInUse(tx: Tx, from: PolicyDocument, to: PolicyDocument): Promise<DraftProblem[]> {
  const kept = new Set(to.plans.map((plan) => plan.id));
  const removed = from.plans.filter((plan) => !kept.has(plan.id));
  if (removed.length === 0) return [];
  const groups = await tx.consumer.groupBy({
    by: ["planId"],
    where: { planId: { in: removed.map((plan) => plan.id) } },
    _count: true,
  });
  const counts = new Map(groups.map((group) => [group.planId, group._count]));
  return removed.flatMap(({ id, name }) => {
    const count = counts.get(id) ?? 0;
    const detail = `${count} ${count === 1 ? "consumer is" : "consumers are"} on the plan "${name}". Move them to another plan first.`;
    return count === 0 ? [] : [{ resource: "plan" as const, id, name, pointer: "", code: "plan_in_use", detail }];
  });
}

/** The draft with its diff against the active revision and its problems. Its ETag says what exactly would be published. */
export const getDraft = query({
  name: "draft.get",
  permission: "draft.read",
  input: z.strictObject({}),
  output: DraftView,
  async run(ctx) {
    const draft = await compileDraft(ctx.tx, ctx.now());
    const { base, sha256, changes, problems, etag } = draft;
    const edits = await lastEdits(ctx.tx, changes);
    const shown = changes.map((change) => ({
      ...change,
      lastEdit: edits.get(editKey(change.resource, change.id)) ?? null,
    }));
    const { approvalRequired } = await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    const latest = await latestApproval(ctx.tx, draft);
    const waiting = await ctx.tx.scheduledPublish.findFirst({ where: { state: "waiting" } });
    const approval = { required: approvalRequired, latest: latest && approvalView(latest, draft) };
    const scheduled = waiting && scheduledPublishView(waiting, draft);
    return { base, sha256, changes: shown, valid: problems.length === 0, problems, approval, scheduled, etag };
  },
});
