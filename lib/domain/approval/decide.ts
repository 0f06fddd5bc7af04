import type { Approval } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import { DomainError, notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { type Done, mutation } from "../verb.ts";
import { nameOf } from "./request.ts";
import { ApprovalView, DecisionInput } from "./schemas.ts";
import { approvalView, isAbout } from "./view.ts";

type Inside = Context & { tx: Tx };

/**
 * Approves what a request is about. Only a person may, and not the one who asked (403 `own_approval`); 409
 * `approval_void` where the draft has changed since, `conflict` where it is decided; 404, 412.
 */
export const approve = mutation({
  name: "approval.approve",
  permission: "revision.approve",
  input: DecisionInput,
  output: ApprovalView,
  async run(ctx, { id, note }) {
    const row = await waitingRequest(ctx, id);
    if (ctx.actor.kind !== "user")
      throw new DomainError("own_approval", "Only a person can approve, signed in to the console: not a token.");
    if (row.personId === ctx.actor.id)
      throw new DomainError(
        "own_approval",
        "You requested this approval, or your token did: another person must give it.",
      );
    const draft = await compileDraft(ctx.tx, ctx.now());
    if (!isAbout(row, draft))
      throw new DomainError(
        "approval_void",
        "The draft has changed since this was requested. Request another approval.",
      );
    const { output, audit } = await decided(ctx, row, "approved", note);
    return { output, audit };
  },
});

/** Says no to what a request is about. 404, 409 `conflict` where it is decided, 412. */
export const reject = mutation({
  name: "approval.reject",
  permission: "revision.approve",
  input: DecisionInput,
  output: ApprovalView,
  async run(ctx, { id, note }) {
    const { output, audit } = await decided(ctx, await waitingRequest(ctx, id), "rejected", note);
    return { output, audit };
  },
});

/** Takes a request back, or an approval that nothing was published under. 404, 409 `conflict`, 412. */
export const withdrawApproval = mutation({
  name: "approval.withdraw",
  permission: "revision.publish",
  input: IdInput,
  output: ApprovalView,
  async run(ctx, { id }) {
    const row = await lockedRequest(ctx, id);
    if (row.state !== "waiting" && row.state !== "approved") throw settled(row);
    const { output, audit } = await moved(ctx, row, { state: "withdrawn" });
    return { output, audit };
  },
});

async function lockedRequest(ctx: Inside, id: string): Promise<Approval> {
  await ctx.tx.$queryRaw`SELECT id FROM approval WHERE id = ${id} FOR UPDATE`;
  const row = await ctx.tx.approval.findUnique({ where: { id } });
  if (!row) throw notFound("approval");
  requireMatch(ctx, row.version);
  return row;
}

async function waitingRequest(ctx: Inside, id: string): Promise<Approval> {
  const row = await lockedRequest(ctx, id);
  if (row.state !== "waiting") throw settled(row);
  return row;
}

function settled({ state, deciderName }: Approval): DomainError {
  const by = deciderName === null ? "" : ` by ${deciderName}`;
  return new DomainError("conflict", `This request is ${state}${by}: nothing more can be done with it.`);
}

function decided(
  ctx: Inside,
  row: Approval,
  state: "approved" | "rejected",
  note: string,
): Promise<Done<ApprovalView>> {
  const { id: deciderId, name: deciderName } = ctx.actor;
  return moved(ctx, row, { state, deciderId, deciderName, decisionNote: note, decidedAt: ctx.now() });
}

async function moved(ctx: Inside, before: Approval, data: Partial<Approval>): Promise<Done<ApprovalView>> {
  const { base, sha256 } = await compileDraft(ctx.tx, ctx.now());
  const { changes: _, ...columns } = data;
  const row = await ctx.tx.approval.update({
    where: { id: before.id },
    data: { ...columns, version: { increment: 1 } },
  });
  const output = approvalView(row, { base, sha256 });
  const audit = { resource: "approval", id: row.id, name: nameOf(row), before: { state: before.state }, after: output };
  return { output, audit };
}
