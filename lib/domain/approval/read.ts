import { compileDraft } from "../draft/index.ts";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { ApprovalListInput, ApprovalPage, ApprovalView } from "./schemas.ts";
import { approvalView } from "./view.ts";

/** One request for approval. 404. */
export const getApproval = query({
  name: "approval.get",
  permission: "draft.read",
  input: IdInput,
  output: ApprovalView,
  async run(ctx, { id }) {
    const row = await ctx.tx.approval.findUnique({ where: { id } });
    if (!row) throw notFound("approval");
    return approvalView(row, await compileDraft(ctx.tx, ctx.now()));
  },
});

/** Every request for approval, newest first. */
export const listApprovals = query({
  name: "approval.list",
  permission: "draft.read",
  input: ApprovalListInput,
  output: ApprovalPage,
  async run(ctx, input) {
    const rows = await ctx.tx.approval.findMany(pageQuery(input));
    const draft = await compileDraft(ctx.tx, ctx.now());
    return toPage(rows, input.limit, (row) => approvalView(row, draft));
  },
});
