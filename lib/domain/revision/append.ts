import type { Revision } from "#prisma/generated/client.ts";
import type { RevisionHeader } from "../../contract/node-protocol.ts";
import { signJson } from "../../crypto/signing.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { nextInSequence } from "../next-in-sequence.ts";
import { notifyChange } from "../notify.ts";
import { controlPrivateKey } from "./control-key.ts";

interface NewRevision {
  text: string;
  sha256: string;
  kind: "publish" | "rollback";
  rolledBackTo: number | null;
  note: string;
}

/** Numbers, signs and stores a document as the next revision, and wakes the node streams at commit. */
export async function appendRevision(ctx: Context & { tx: Tx }, fresh: NewRevision): Promise<Revision> {
  const number = await nextInSequence(ctx.tx, "revision");
  const { epoch } = await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  const header: RevisionHeader = { epoch, number, parent: number - 1, sha256: fresh.sha256 };
  const signature = signJson(await controlPrivateKey(ctx.tx), header);
  const author = { authorId: ctx.actor.id, authorName: ctx.actor.name };
  const { text, ...rest } = fresh;
  const row = await ctx.tx.revision.create({
    data: { ...header, document: text, signature, ...rest, ...author, createdAt: ctx.now() },
  });
  await notifyChange(ctx.tx, "revision");
  return row;
}
