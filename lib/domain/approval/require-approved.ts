import type { Approval } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { type DraftContent, isAbout, isOpen } from "./view.ts";

/** The request that says most about a draft: the newest that is about its content, else the newest of all. */
export async function latestApproval(tx: Tx, { base, sha256 }: DraftContent): Promise<Approval | null> {
  const orderBy = { id: "desc" } as const;
  const state = { in: ["waiting", "approved", "rejected"] };
  return (
    (await tx.approval.findFirst({ where: { base, sha256, state }, orderBy })) ?? tx.approval.findFirst({ orderBy })
  );
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
  throw new DomainError("approval_required", whatIsMissing(await latestApproval(tx, draft), draft));
}

function whatIsMissing(latest: Approval | null, draft: DraftContent): string {
  const rule = "Another person must approve this draft before it is published.";
  if (latest !== null && isOpen(latest)) {
    return isAbout(latest, draft)
      ? `${rule} The request of ${latest.requesterName} waits for somebody else.`
      : `${rule} It was changed after ${latest.requesterName} requested an approval, so that request is void. Request another one.`;
  }
  if (latest?.state === "rejected" && isAbout(latest, draft))
    return `${latest.deciderName} rejected exactly this draft. Change it, and request another approval.`;
  return `${rule} Request an approval.`;
}

/** Notes what was published under an approval: it is used up. */
export async function spendApproval(tx: Tx, { id }: Approval, revision: number): Promise<void> {
  await tx.approval.update({ where: { id }, data: { state: "published", revision, version: { increment: 1 } } });
}
