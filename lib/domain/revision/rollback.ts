import { z } from "zod";
import { PolicyDocument } from "../../contract/policy-document.ts";
import { plansInUse } from "../draft/index.ts";
import { DomainError, notFound } from "../errors.ts";
import { endByRollback } from "../rollout/finish.ts";
import { openRollout } from "../rollout/open.ts";
import { mutation } from "../verb.ts";
import { activeRevision } from "./active.ts";
import { appendRevision } from "./append.ts";
import { placeOf } from "./place.ts";
import { refuseProblems } from "./publish.ts";
import { RevisionNumber, RevisionView } from "./schemas.ts";
import { revisionView } from "./view.ts";

/**
 * Brings an old document back under a new number. The draft stays as it is and is compared with the new revision from
 * now on. Keys, consumers and credentials are not touched. A canary that is under way is over. 404; 409 `plan_in_use`,
 * `nothing_to_publish`.
 */
export const rollbackRevision = mutation({
  name: "revision.rollback",
  permission: "revision.publish",
  input: z.strictObject({ number: RevisionNumber, note: z.string().trim().max(2_000).default("") }),
  output: RevisionView,
  async run(ctx, { number, note }) {
    await ctx.tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR UPDATE`;
    const wanted = await ctx.tx.revision.findUnique({ where: { number } });
    if (!wanted) throw notFound("revision");
    const active = await activeRevision(ctx.tx);
    const open = await openRollout(ctx.tx);
    if (active.number === number && !open)
      throw new DomainError("nothing_to_publish", `Revision ${number} is the active one.`);
    refuseProblems(await plansInUse(ctx.tx, active.document, PolicyDocument.parse(JSON.parse(wanted.document))));
    const { document: text, sha256 } = wanted;
    const row = await appendRevision(ctx, { text, sha256, kind: "rollback", rolledBackTo: number, note });
    if (open) await endByRollback(ctx, open, row);
    const output = revisionView(row, await placeOf(ctx.tx, [row.number]));
    return {
      output,
      audit: {
        resource: "revision",
        id: String(row.number),
        name: `revision ${row.number}`,
        before: { active: active.number },
        after: output,
      },
    };
  },
});
