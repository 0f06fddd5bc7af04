import { newSecret, secretHash } from "../../contract/api-key-format.ts";
import type { NodeReport, ReportResponse } from "../../contract/node-protocol.ts";
import { keyFingerprint } from "../../crypto/signing.ts";
import type { Tx } from "../../db/client.ts";
import { writeAudit } from "../audit/write.ts";
import type { Context } from "../context.ts";
import { newId } from "../new-id.ts";
import { Observed } from "../node-group/observed.ts";
import { controlPublicKey } from "../revision/control-key.ts";

/** A token that came with an answer is used at once or never. */
const TOKEN_SECONDS = 60;

interface Member {
  readonly id: string;
  readonly name: string;
  readonly group: string;
}

/**
 * What a node's supervisor is told with the answer to the node's report: how many nodes it is to run and, where it asks,
 * a join token for one of them. Only the supervisor that the group's local driver scales is told a number; another one is
 * told nothing, so that it stays as it is.
 */
export async function tellSupervisor(
  ctx: Context & { tx: Tx },
  node: Member,
  { supervisor, asksForJoinToken }: Pick<NodeReport, "supervisor" | "asksForJoinToken">,
): Promise<Pick<ReportResponse, "wantedNodes" | "joinToken">> {
  if (supervisor === undefined) return {};
  const group = await ctx.tx.nodeGroup.findUnique({ where: { name: node.group } });
  if (!group || group.scaling === null) return { wantedNodes: null };
  const isScaled = Observed.nullable().parse(group.observed)?.supervisor === supervisor.id;
  if (!isScaled || group.wantedNodes === null) return {};
  const { wantedNodes } = group;
  if (!asksForJoinToken || (await hasEnough(ctx, node, supervisor.id, wantedNodes))) return { wantedNodes };
  return { wantedNodes, joinToken: await issueToken(ctx, node, supervisor.id) };
}

/** Never more tokens than nodes that it lacks, those of the last minute included whose node has not reported yet. */
async function hasEnough(
  { tx, now }: Context & { tx: Tx },
  { group }: Member,
  supervisorId: string,
  wantedNodes: number,
): Promise<boolean> {
  const running = await tx.node.count({
    where: { group, revokedAt: null, stoppedAt: null, supervisor: { path: ["id"], equals: supervisorId } },
  });
  const issued = await tx.joinToken.findMany({
    where: { createdBy: supervisorId, createdAt: { gt: new Date(now().getTime() - TOKEN_SECONDS * 1_000) } },
    select: { nodeId: true },
  });
  const joined = issued.flatMap(({ nodeId }) => (nodeId === null ? [] : [nodeId]));
  const reported = await tx.node.findMany({
    where: { id: { in: joined }, lastSeenAt: { not: null } },
    select: { id: true },
  });
  return running + issued.length - reported.length >= wantedNodes;
}

async function issueToken(ctx: Context & { tx: Tx }, node: Member, supervisorId: string): Promise<string> {
  const id = newId("jtk");
  const { group } = node;
  const secret = newSecret("tpj_");
  const name = `another node beside ${node.name}`.slice(0, 200);
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + TOKEN_SECONDS * 1_000);
  const of = { name, group, sha256: secretHash(secret), expiresAt, createdBy: supervisorId, createdAt: now };
  await ctx.tx.joinToken.create({ data: { id, ...of } });
  const after = { group, expiresAt: expiresAt.toISOString(), askedBy: node.id };
  await writeAudit(ctx, "joinToken.create", [{ resource: "joinToken", id, name, after }]);
  return `${secret}.${keyFingerprint(await controlPublicKey(ctx.tx))}`;
}
