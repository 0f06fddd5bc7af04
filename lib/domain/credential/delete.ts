import { z } from "zod";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { announceCredentials } from "./store.ts";
import { credentialView, upstreamNames } from "./view.ts";

/** Destroys a credential, on every node at once; no rollback brings it back. 404, 412. */
export const deleteCredential = mutation({
  name: "credential.delete",
  permission: "credential.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.credential.findUnique({ where: { id } });
    if (!before) throw notFound("credential");
    requireMatch(ctx, before.version);
    await ctx.tx.credential.delete({ where: { id } });
    await announceCredentials(ctx.tx);
    const view = credentialView(before, await upstreamNames(ctx.tx, [before.upstreamId]));
    return {
      output: null,
      audit: {
        resource: "credential",
        id,
        name: `${view.upstreamName ?? before.upstreamId} / ${before.name}`,
        before: view,
      },
    };
  },
});
