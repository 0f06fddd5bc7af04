import { z } from "zod";
import { Prisma } from "#prisma/generated/client.ts";
import { Id } from "../../contract/names.ts";
import { NodeReport, ReportResponse } from "../../contract/node-protocol.ts";
import { notFound } from "../errors.ts";
import { notifyChange } from "../notify.ts";
import { countRejection, keptTraffic } from "../rollout/from-report.ts";
import { reportPace } from "../rollout/open.ts";
import { tellSupervisor } from "../scaling/index.ts";
import { mutation } from "../verb.ts";
import { storeEvents } from "./events.ts";
import { offeredRevisions } from "./offered-revision.ts";
import { epochNow, servingNow, wantedNow } from "./view.ts";

/** How many rejected numbers are remembered; a node is only ever offered the newest revision. */
const REMEMBERED_REJECTIONS = 20;

/**
 * Takes a node's heartbeat, ACK or NACK, and utilisation. Called with the system's context after `authenticateNode`.
 * Says nothing in the audit: a report changes what is known of a node, not what it may do.
 */
export const reportNode = mutation({
  name: "node.report",
  permission: "node.write",
  input: z.strictObject({ nodeId: Id, report: NodeReport, notUnderstood: z.array(z.string()).default([]) }),
  output: ReportResponse,
  async run(ctx, { nodeId, report, notUnderstood }) {
    const now = ctx.now();
    const before = await ctx.tx.node.findUnique({ where: { id: nodeId } });
    if (!before) throw notFound("node");
    const rejected = report.rejected?.revision;
    const epoch = await epochNow(ctx.tx);
    const { revision, directoryHead } = await wantedNow(ctx.tx);
    const isFresh = report.epoch === epoch && report.directoryCursor >= directoryHead;
    // What a node said of a number before this control plane was restored says nothing of what has that number now.
    const isOfEarlierEpoch = report.epoch > 0 && report.epoch < epoch;
    const isNews =
      rejected !== undefined &&
      rejected <= revision &&
      !isOfEarlierEpoch &&
      !before.rejectedRevisions.includes(rejected);
    await ctx.tx.node.update({
      where: { id: nodeId },
      data: {
        softwareVersion: report.version,
        state: report.state,
        epoch: report.epoch,
        appliedRevision: report.appliedRevision,
        rejected: report.rejected ?? Prisma.DbNull,
        ...(isNews ? { rejectedRevisions: [...before.rejectedRevisions, rejected].slice(-REMEMBERED_REJECTIONS) } : {}),
        ...(isNews ? countRejection(before, now) : {}),
        ...keptTraffic(before, report),
        directoryCursor: report.directoryCursor,
        credentialVersion: report.credentialVersion,
        utilisation: report.utilisation,
        limits: report.limits ?? Prisma.DbNull,
        health: report.health ?? [],
        clockSkewMs: Math.round(new Date(report.nodeTime).getTime() - now.getTime()),
        lastSeenAt: now,
        stoppedAt: report.isLast ? now : null,
        supervisor: report.supervisor ?? Prisma.DbNull,
        ...(isFresh ? { freshAt: now } : {}),
        refused: Prisma.DbNull,
        notUnderstood: [...notUnderstood, ...unreadOf(report)],
      },
    });
    if (report.events !== undefined) await storeEvents(ctx.tx, nodeId, report.events, now);
    if (isNews || report.appliedRevision !== before.appliedRevision) await notifyChange(ctx.tx, "reports");
    const wanted = await offeredRevisions(ctx.tx, [before]);
    const servingNodes = await servingNow(ctx.tx, before.group, now);
    const known = { serverTime: now.toISOString(), epoch, directoryHead, ...(await reportPace(ctx.tx)) };
    const told = await tellSupervisor(ctx, before, report);
    const output = { ...known, ...told, wantedRevision: wanted.get(nodeId) ?? 0, servingNodes };
    return { output, audit: "unchanged" };
  },
});

/** In words, what of the stream a node could not read. */
function unreadOf({ streamProblem }: NodeReport): string[] {
  return streamProblem === undefined ? [] : [`stream ${streamProblem.path || "/"} (${streamProblem.code})`];
}
