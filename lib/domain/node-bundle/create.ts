import { sign } from "node:crypto";
import { DirectoryChange } from "../../contract/directory.ts";
import { type BundleContent, sealBundle } from "../../contract/node-bundle.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { createJoinToken } from "../join-token/index.ts";
import { newId } from "../new-id.ts";
import { openCredentials } from "../node/seal-credentials.ts";
import { epochNow } from "../node/view.ts";
import { activeRevision, revisionBesideCanary } from "../revision/active.ts";
import { controlPrivateKey, controlPublicKey } from "../revision/control-key.ts";
import { signedRevision } from "../revision/signed-revision.ts";
import { mutation } from "../verb.ts";
import { NodeBundleInput, NodeBundleIssued } from "./schemas.ts";

/** Beyond so many consumers and keys a bundle no longer fits an answer: new nodes then need the control plane. */
const DIRECTORY_ENTRIES_MAX = 250_000;

/**
 * Exports what new nodes of a group start from while the control plane is away: the revision in force, the directory, every
 * upstream's secret, and a token with which they join when they can. Encrypted under a key that is in this answer and
 * nowhere else, and signed. 409 before the first publish, and for a directory that is too large.
 */
export const createNodeBundle = mutation({
  name: "nodeBundle.create",
  permission: "nodeBundle.create",
  input: NodeBundleInput,
  output: NodeBundleIssued,
  async run(ctx, { group, nodesMax, ttlSeconds }) {
    const id = newId("bdl");
    const token = await createJoinToken(ctx, { name: `bundle ${id.slice(-6)}`, group, usesMax: nodesMax, ttlSeconds });
    const content = await contentOf(ctx, token.secret);
    const about = { id, group, createdAt: ctx.now().toISOString(), expiresAt: token.expiresAt };
    const privateKey = await controlPrivateKey(ctx.tx);
    const { bytes, key } = sealBundle(about, content, (text) =>
      sign(null, Buffer.from(text), privateKey).toString("base64url"),
    );
    const revision = content.revision.header.number;
    const shown = { ...about, revision, joinTokenId: token.id, bytes: bytes.length };
    const fileName = `turnpike-${group}-${id.slice(-6)}.bundle`;
    return {
      output: { ...shown, fileName, key, bundle: bytes.toString("base64") },
      audit: {
        resource: "nodeBundle",
        id,
        name: fileName,
        after: { ...shown, credentials: content.credentials.credentials.length },
      },
    };
  },
});

async function contentOf(ctx: Context & { tx: Tx }, joinToken: string): Promise<BundleContent> {
  const { tx } = ctx;
  const epoch = await epochNow(tx);
  const { number } = (await revisionBesideCanary(tx)) ?? (await activeRevision(tx));
  const row = await tx.revision.findUnique({ where: { number } });
  if (row === null) throw new DomainError("conflict", "Nothing was published yet, so there is nothing to start from.");
  const directory = await tx.sequence.findUniqueOrThrow({ where: { name: "directory" } });
  const entries = await tx.directoryEntry.findMany({ orderBy: { sequence: "asc" }, take: DIRECTORY_ENTRIES_MAX + 1 });
  if (entries.length > DIRECTORY_ENTRIES_MAX)
    throw new DomainError("conflict", `A bundle holds at most ${DIRECTORY_ENTRIES_MAX} consumers and keys.`);
  const credential = await tx.sequence.findUniqueOrThrow({ where: { name: "credential" } });
  return {
    controlKey: await controlPublicKey(tx),
    epoch,
    joinToken,
    revision: await signedRevision(ctx, row, epoch),
    directory: {
      cursor: Number(directory.value),
      changes: entries.map(({ kind, id, sequence, body }) =>
        DirectoryChange.parse({ kind, id, sequence: Number(sequence), body }),
      ),
    },
    credentials: { version: Number(credential.value), credentials: await openCredentials(tx) },
  };
}
