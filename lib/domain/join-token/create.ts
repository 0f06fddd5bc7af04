import { newSecret, secretHash } from "../../contract/api-key-format.ts";
import { keyFingerprint } from "../../crypto/signing.ts";
import { newId } from "../new-id.ts";
import { ensureNodeGroup } from "../node-group/index.ts";
import { controlPublicKey } from "../revision/control-key.ts";
import { mutation } from "../verb.ts";
import { JoinTokenInput, JoinTokenIssued } from "./schemas.ts";
import { joinTokenView } from "./view.ts";

/** Makes a token with which one new node, or so many, may join a group. The secret is in this answer and nowhere else. */
export const createJoinToken = mutation({
  name: "joinToken.create",
  permission: "joinToken.write",
  input: JoinTokenInput,
  output: JoinTokenIssued,
  async run(ctx, { name, group, usesMax, ttlSeconds }) {
    const secret = newSecret("tpj_");
    const expiresAt = new Date(ctx.now().getTime() + ttlSeconds * 1_000);
    const made = await ensureNodeGroup(ctx.tx, group);
    const row = await ctx.tx.joinToken.create({
      data: { id: newId("jtk"), name, group, usesMax, sha256: secretHash(secret), expiresAt, createdBy: ctx.actor.id },
    });
    const view = joinTokenView(row, ctx.now());
    const pinned = `${secret}.${keyFingerprint(await controlPublicKey(ctx.tx))}`;
    const audit = [...made, { resource: "joinToken", id: row.id, name, after: view }];
    return { output: { ...view, secret: pinned }, audit };
  },
});
