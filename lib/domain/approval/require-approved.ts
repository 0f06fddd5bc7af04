import type { Approval } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { type DraftContent, isAbout, isOpen } from "./view.ts";

/** The newest request that something could still come of or that was decided, whatever it is about. */
export function latestApproval(tx: Tx): Promise<Approval | null> {
  return tx.approval.findFirst({
    where: { state: { in: ["waiting", "approved", "rejected"] } },
    orderBy: { id: "desc" },
  });
}

/**
 * The approval under which a content of the draft may be published, its row locked until the transaction ends; null where
 * none is needed and none was given. Throws 409 `approval_required`, which says what is missing.
 */
export async function requireApproved(tx: Tx, draft: DraftContent): Promise<Approval | null> {
  const { base, sha256 } = draft;
  await tx.$queryRaw`SELECT id FROM approval WHERE base = ${base} AND sha256 = ${sha256} ORDER BY id FOR UPDATE`;
  const approved = await tx.approval.findFirst({ where: { base, sha256, state: "approved" }, orderBy: { id: "desc" } });
  if (approved) return approved;
  const { approvalRequired } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  if (!approvalRequired) return null;
  throw new DomainError("approval_required", whatIsMissing(await latestApproval(tx), draft));
}

function whatIsMissing(latest: Approval | null, draft: DraftContent): string {
  const rule = "Another person must approve this draft before it is published.";
  if (latest === null) return `${rule} Request an approval.`;
  if (!isAbout(latest, draft)) {
    return isOpen(latest)
      ? `${rule} It was changed after ${latest.requesterName} requested an approval, so that request is void. Request another one.`
      : `${rule} Request an approval.`;
  }
  return latest.state === "rejected"
    ? `${latest.deciderName} rejected exactly this draft. Change it, and request another approval.`
    : `${rule} The request of ${latest.requesterName} waits for somebody else.`;
}

/** Notes what was published under an approval: it is used up. */
export async function spendApproval(tx: Tx, { id }: Approval, revision: number): Promise<void> {
  await tx.approval.update({ where: { id }, data: { state: "published", revision, version: { increment: 1 } } });
}
