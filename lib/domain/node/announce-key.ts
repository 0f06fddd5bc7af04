import { z } from "zod";
import { Id } from "../../contract/names.ts";
import { KeyAnnouncement } from "../../contract/node-protocol.ts";
import { verifyJson } from "../../crypto/signing.ts";
import { invalidField, notFound } from "../errors.ts";
import { mutation } from "../verb.ts";

/**
 * Takes the key that a node will sign with next; the present one stays good until the first request signed with the new
 * one. Called with the system's context after `authenticateNode`. 422 for a key whose holder has not signed for it.
 */
export const announceNodeKey = mutation({
  name: "node.announceKey",
  permission: "node.write",
  input: z.strictObject({ nodeId: Id, announcement: KeyAnnouncement }),
  output: z.null(),
  async run(ctx, { nodeId, announcement: { signingKey, proof } }) {
    const node = await ctx.tx.node.findUnique({ where: { id: nodeId } });
    if (!node) throw notFound("node");
    const signed = { use: "turnpike-node-key", nodeId, x: signingKey.x };
    if (signingKey.crv !== "Ed25519" || !isProved(signingKey, signed, proof))
      throw invalidField("/proof", "invalid_proof", "must be the new key's own signature.");
    await ctx.tx.node.update({ where: { id: nodeId }, data: { nextSigningKey: signingKey } });
    return {
      output: null,
      audit: { resource: "node", id: nodeId, name: node.name, after: { announcedKey: signingKey.x } },
    };
  },
});

function isProved(key: KeyAnnouncement["signingKey"], signed: unknown, proof: string): boolean {
  try {
    return verifyJson(key, signed, proof);
  } catch {
    return false; // not a point of the curve
  }
}
