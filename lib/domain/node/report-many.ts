import { z } from "zod";
import { Id } from "../../contract/names.ts";
import { NodeReport, PublicJwk, ReportResponse } from "../../contract/node-protocol.ts";
import type { Tx } from "../../db/client.ts";
import { notifyChange } from "../notify.ts";
import { keptTraffic } from "../rollout/from-report.ts";
import { reportPace } from "../rollout/open.ts";
import { mutation } from "../verb.ts";
import { type OfferedTo, offeredRevisions } from "./offered-revision.ts";
import { epochNow, servingNow, wantedNow } from "./view.ts";

/** As many reports as are taken at once. */
export const REPORTS_MAX = 500;

const PlainReport = z.strictObject({
  nodeId: Id,
  /** The request's id, to be taken once, and until when it is remembered. */
  jti: z.string(),
  expiresAt: z.date(),
  /** The key that the request was found to be signed with. */
  signingKey: PublicJwk,
  report: NodeReport,
});
export type PlainReport = z.infer<typeof PlainReport>;

/** Whether a report says nothing but how a node is: such reports can be taken together. */
export function isPlain(report: NodeReport): boolean {
  return (
    report.rejected === null &&
    report.events === undefined &&
    report.supervisor === undefined &&
    report.asksForJoinToken === undefined &&
    report.isLast === undefined &&
    report.streamProblem === undefined
  );
}

interface TakenRow extends OfferedTo {
  hasApplied: boolean;
}

/**
 * Takes the plain reports of many nodes in one statement. The statement itself makes sure that a node is still there, still
 * has the key, and that nothing is known of it which a plain report would take back; and that each request is taken
 * once. A node that is missing in the answer, by node id, is to be heard singly.
 */
export const reportNodes = mutation({
  name: "node.reportMany",
  permission: "node.write",
  input: z.array(PlainReport).max(REPORTS_MAX),
  output: z.map(Id, ReportResponse),
  async run(ctx, sent) {
    const now = ctx.now();
    const known = { epoch: await epochNow(ctx.tx), directoryHead: (await wantedNow(ctx.tx)).directoryHead };
    const rows = await take(ctx.tx, await withTraffic(ctx.tx, sent), known, now);
    if (rows.some(({ hasApplied }) => hasApplied)) await notifyChange(ctx.tx, "reports");
    const offered = await offeredRevisions(ctx.tx, rows);
    const serving = new Map<string, number>();
    for (const group of new Set(rows.map((row) => row.group))) {
      serving.set(group, await servingNow(ctx.tx, group, now));
    }
    const serverTime = now.toISOString();
    const pace = await reportPace(ctx.tx);
    const output = new Map(
      rows.map(({ id, group }) => [
        id,
        { serverTime, ...known, ...pace, wantedRevision: offered.get(id) ?? 0, servingNodes: serving.get(group) ?? 1 },
      ]),
    );
    return { output, audit: "unchanged" };
  },
});

/** The reports with what is to be kept of their nodes' traffic; null where that stays as it is. */
async function withTraffic(tx: Tx, sent: readonly PlainReport[]) {
  const counting = sent.filter(({ report }) => report.traffic !== undefined).map(({ nodeId }) => nodeId);
  const rows =
    counting.length === 0
      ? []
      : await tx.node.findMany({ where: { id: { in: counting } }, select: { id: true, traffic: true } });
  const before = new Map(rows.map((row) => [row.id, row]));
  return sent.map((entry) => {
    const kept = before.get(entry.nodeId);
    return { ...entry, traffic: kept === undefined ? null : (keptTraffic(kept, entry.report).traffic ?? null) };
  });
}

async function take(
  tx: Tx,
  sent: readonly (PlainReport & { traffic: unknown })[],
  known: { epoch: number; directoryHead: number },
  now: Date,
): Promise<TakenRow[]> {
  const rows = sent.map(({ nodeId, jti, expiresAt, signingKey, report, traffic }) => ({
    ...{ id: nodeId, jti, expires_at: expiresAt, signing_key: signingKey, version: report.version },
    ...{ state: report.state, epoch: report.epoch, applied: report.appliedRevision, traffic },
    ...{ cursor: report.directoryCursor, credential: report.credentialVersion, utilisation: report.utilisation },
    ...{ health: report.health ?? [], limits: report.limits ?? null },
    skew: Math.round(new Date(report.nodeTime).getTime() - now.getTime()),
  }));
  return await tx.$queryRaw<TakenRow[]>`
    WITH sent AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(
        id text, jti text, expires_at timestamptz, signing_key jsonb, version text, state text, epoch int, applied int,
        cursor bigint, credential int, utilisation jsonb, health jsonb, limits jsonb, traffic jsonb, skew int)
    ), taken AS (
      INSERT INTO node_request (node_id, jti, expires_at)
      SELECT sent.id, sent.jti, sent.expires_at FROM sent JOIN node ON node.id = sent.id
      WHERE node.revoked_at IS NULL AND node.signing_key = sent.signing_key AND node.software_version = sent.version
        AND node.rejected IS NULL AND node.stopped_at IS NULL AND node.supervisor IS NULL AND node.refused IS NULL
        AND node.not_understood = '[]'::jsonb
      ON CONFLICT DO NOTHING RETURNING node_id, jti
    )
    UPDATE node SET state = sent.state, epoch = sent.epoch, applied_revision = sent.applied,
      directory_cursor = sent.cursor, credential_version = sent.credential, utilisation = sent.utilisation,
      health = sent.health, limits = nullif(sent.limits, 'null'::jsonb),
      traffic = coalesce(nullif(sent.traffic, 'null'::jsonb), node.traffic), clock_skew_ms = sent.skew,
      last_seen_at = ${now}, fresh_at = CASE WHEN sent.epoch = ${known.epoch} AND sent.cursor >= ${known.directoryHead}
        THEN ${now} ELSE node.fresh_at END
    FROM sent JOIN taken ON taken.node_id = sent.id AND taken.jti = sent.jti JOIN node before ON before.id = sent.id
    WHERE node.id = sent.id AND node.revoked_at IS NULL
    RETURNING node.id, node."group", before.applied_revision <> sent.applied AS "hasApplied"`;
}
