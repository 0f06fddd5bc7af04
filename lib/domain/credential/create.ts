import { invalidField } from "../errors.ts";
import { requireCredentialKind } from "../upstream/check-provider.ts";
import { mutation } from "../verb.ts";
import { CredentialInput, CredentialView } from "./schemas.ts";
import { addCredential } from "./store.ts";
import { credentialView } from "./view.ts";

/** Gives an upstream a further credential, used on every node at once. The secret is write-only. 422 for an unknown upstream. */
export const createCredential = mutation({
  name: "credential.create",
  permission: "credential.write",
  input: CredentialInput,
  output: CredentialView,
  async run(ctx, input) {
    const upstream = await ctx.tx.upstream.findUnique({ where: { id: input.upstreamId } });
    if (!upstream)
      throw invalidField(
        "/upstreamId",
        "unknown_upstream",
        "There is no such upstream. Choose one from GET /upstreams.",
      );
    requireCredentialKind(upstream.provider, input.kind, "/kind");
    const row = await addCredential(ctx.tx, ctx.actor, input);
    const output = credentialView(row, new Map([[upstream.id, upstream.name]]));
    return {
      output,
      audit: { resource: "credential", id: row.id, name: `${upstream.name} / ${row.name}`, after: output },
    };
  },
});
