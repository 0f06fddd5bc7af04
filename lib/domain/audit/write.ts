import { randomBytes } from "node:crypto";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { type PolicyChange, recordPolicyChanges } from "../draft/record-changes.ts";
import { newId } from "../new-id.ts";

/** What a mutation did to one thing. `before` and `after` are plain views without secrets. */
export interface AuditFact {
  resource: string;
  id: string;
  name: string;
  teamId?: string | undefined;
  before?: unknown;
  after?: unknown;
  /** "refused" for an act that policy stopped; everything else is "done". */
  outcome?: "done" | "refused";
  /** Of a version: the route it is a part of, and its number. */
  partOf?: { id: string; name: string; version: string };
  /** What of the draft changed, where it cannot be read from `before` and `after`. */
  policyChanges?: PolicyChange[];
}

/** Writes the entries of one act in its own transaction. Throws when it cannot, which undoes the act. */
export async function writeAudit(ctx: Context & { tx: Tx }, action: string, facts: AuditFact[]): Promise<void> {
  for (const fact of facts) {
    const id = newId("aud");
    const personal = {
      actorName: ctx.actor.name,
      address: ctx.address,
      userAgent: ctx.userAgent,
      salt: randomBytes(16).toString("hex"),
    };
    await ctx.tx.auditPersonal.create({ data: { entryId: id, ...personal } });
    await ctx.tx.auditEntry.create({
      data: {
        id,
        at: ctx.now(),
        actorKind: ctx.actor.kind,
        actorId: ctx.actor.id,
        action,
        outcome: fact.outcome ?? "done",
        resource: fact.resource,
        resourceId: fact.id,
        resourceName: fact.name,
        teamId: fact.teamId ?? null,
        requestId: ctx.requestId,
        ...(fact.before === undefined ? {} : { before: plainJson(fact.before) }),
        ...(fact.after === undefined ? {} : { after: plainJson(fact.after) }),
        personalSha256: sha256Hex(canonicalJson(personal)),
      },
    });
    await recordPolicyChanges(ctx.tx, id, fact);
  }
}

/** The JSON form of a view: dates as text, undefined left out. */
function plainJson(value: unknown) {
  return JSON.parse(JSON.stringify(value));
}
