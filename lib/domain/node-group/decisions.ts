import { z } from "zod";
import type { ScalingDecision } from "#prisma/generated/client.ts";
import { notFound } from "../errors.ts";
import { pageQuery, toPage } from "../page.ts";
import { ScalingFigures } from "../scaling/schemas.ts";
import { decisionSentence } from "../scaling/words.ts";
import { query } from "../verb.ts";
import { ScalingDecisionListInput, ScalingDecisionPage, ScalingDecisionView } from "./schemas.ts";

const Kind = z.enum(["up", "down", "held"]);
const State = ScalingDecisionView.shape.state;

/** What the scaler decided for a group and why, newest first. 404. */
export const listScalingDecisions = query({
  name: "nodeGroup.listDecisions",
  permission: "nodeGroup.read",
  input: ScalingDecisionListInput,
  output: ScalingDecisionPage,
  async run(ctx, { id, ...input }) {
    const group = await ctx.tx.nodeGroup.findUnique({ where: { id }, select: { id: true } });
    if (!group) throw notFound("node group");
    const page = pageQuery(input);
    const rows = await ctx.tx.scalingDecision.findMany({ ...page, where: { ...page.where, groupId: id } });
    return toPage(rows, input.limit, decisionView);
  },
});

function decisionView(row: ScalingDecision): z.infer<typeof ScalingDecisionView> {
  const figures = ScalingFigures.parse(row.figures);
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: Kind.parse(row.kind),
    fromNodes: row.fromNodes,
    toNodes: row.toNodes,
    reason: row.reason,
    sentence: decisionSentence(row.reason, row.fromNodes, row.toNodes, figures),
    figures,
    state: State.parse(row.state),
    attempts: row.attempts,
    error: row.error,
    doneAt: row.doneAt?.toISOString() ?? null,
  };
}
