import { z } from "zod";
import { Prisma } from "#prisma/generated/client.ts";
import { Id } from "../../contract/names.ts";
import { NodeReport, ReportResponse } from "../../contract/node-protocol.ts";
import { notFound } from "../errors.ts";
import { notifyChange } from "../notify.ts";
import { mutation } from "../verb.ts";
import { storeEvents } from "./events.ts";
import { servingNow, wantedNow } from "./view.ts";

/** How many rejected numbers are remembered; a node is only ever offered the newest revision. */
const REMEMBERED_REJECTIONS = 20;

/**
 * Takes a node's heartbeat, ACK or NACK, and utilisation. Called with the system's context after `authenticateNode`.
 * Says nothing in the audit: a report changes what is known of a node, not what it may do.
 */
export const reportNode = mutation({
  name: "node.report",
  permission: "node.write",
  input: z.strictObject({ nodeId: Id, report: NodeReport }),
  output: ReportResponse,
  async run(ctx, { nodeId, report }) {
    const now = ctx.now();
    const before = await ctx.tx.node.findUnique({ where: { id: nodeId } });
    if (!before) throw notFound("node");
    const rejected = report.rejected?.revision;
    const isNews = rejected !== undefined && !before.rejectedRevisions.includes(rejected);
    await ctx.tx.node.update({
      where: { id: nodeId },
      data: {
        softwareVersion: report.version,
        state: report.state,
        epoch: report.epoch,
        appliedRevision: report.appliedRevision,
        rejected: report.rejected ?? Prisma.DbNull,
        ...(isNews ? { rejectedRevisions: [...before.rejectedRevisions, rejected].slice(-REMEMBERED_REJECTIONS) } : {}),
        directoryCursor: report.directoryCursor,
        credentialVersion: report.credentialVersion,
        utilisation: report.utilisation,
        limits: report.limits ?? Prisma.DbNull,
        health: report.health ?? [],
        clockSkewMs: Math.round(new Date(report.nodeTime).getTime() - now.getTime()),
        lastSeenAt: now,
      },
    });
    if (report.events !== undefined) await storeEvents(ctx.tx, nodeId, report.events, now);
    if (isNews || report.appliedRevision !== before.appliedRevision) await notifyChange(ctx.tx, "reports");
    const wanted = await wantedNow(ctx.tx);
    const servingNodes = await servingNow(ctx.tx, before.group, now);
    const output = { serverTime: now.toISOString(), wantedRevision: wanted.revision, servingNodes };
    return { output, audit: "unchanged" };
  },
});
