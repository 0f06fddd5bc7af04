import { secretHash } from "../../contract/api-key-format.ts";
import { JoinRequest, JoinResponse } from "../../contract/node-protocol.ts";
import { DomainError } from "../errors.ts";
import { newId } from "../new-id.ts";
import { notifyChange } from "../notify.ts";
import { controlPublicKey } from "../revision/control-key.ts";
import { mutation } from "../verb.ts";
import { RELEASE, requireRelease } from "./release.ts";

/**
 * A new node gives its token and its public keys, and gets an identity. Called with the system's context: the token is
 * the permission. A used, expired or unknown token answers the same 401; a release that does not work with this one is
 * refused before the token is looked at (409 `version_not_supported`).
 */
export const joinNode = mutation({
  name: "node.join",
  permission: "node.write",
  input: JoinRequest,
  output: JoinResponse,
  async run(ctx, input) {
    const now = ctx.now();
    const id = newId("node");
    requireRelease(input);
    const { uses } = ctx.tx.joinToken.fields;
    const { count } = await ctx.tx.joinToken.updateMany({
      where: { sha256: secretHash(input.joinToken), usesMax: { gt: uses }, expiresAt: { gt: now } },
      data: { uses: { increment: 1 }, usedAt: now, nodeId: id },
    });
    const token = count === 1 ? await ctx.tx.joinToken.findFirst({ where: { nodeId: id } }) : null;
    if (!token)
      throw new DomainError(
        "unauthenticated",
        "This join token is not valid: it was used, has expired, or never existed. Make a new one on the Nodes page.",
      );
    const { signingKey, sealingKey } = input;
    const row = await ctx.tx.node.create({
      data: {
        id,
        name: input.name,
        group: token.group,
        softwareVersion: input.version,
        signingKey,
        sealingKey,
        joinTokenId: token.id,
        keyChangedAt: now,
        joinedAt: now,
      },
    });
    await notifyChange(ctx.tx, "nodes");
    const { epoch } = await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    const controlKey = await controlPublicKey(ctx.tx);
    const output = { nodeId: id, name: row.name, group: row.group, controlKey, epoch, version: RELEASE };
    return {
      output,
      audit: { resource: "node", id, name: row.name, after: { group: row.group, joinToken: token.id } },
    };
  },
});
