import { requirePermission } from "../authorize.ts";
import { addCredential } from "../credential/store.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { requireReachableAddress } from "./check-address.ts";
import { addressOf, requireCredentialKind, requireOptions } from "./check-provider.ts";
import { UpstreamCreate, UpstreamView } from "./schemas.ts";
import { upstreamView } from "./view.ts";

/** Adds an upstream to the draft, with a first credential if one is given. 403 and 422 `private_address`, 409 `name_taken`. */
export const createUpstream = mutation({
  name: "upstream.create",
  permission: "upstream.write",
  input: UpstreamCreate,
  output: UpstreamView,
  async run(ctx, { credential, ...fields }) {
    requireOptions(fields);
    const input = { ...fields, baseUrl: addressOf(fields) };
    requireReachableAddress(ctx.actor, input);
    if (credential) {
      requirePermission(ctx.actor, "credential.write");
      requireCredentialKind(input.provider, credential.kind, "/credential/kind");
    }
    const row = await ctx.tx.upstream.create({ data: { id: newId("ups"), ...input } });
    const stored = credential ? [await addCredential(ctx.tx, ctx.actor, { upstreamId: row.id, ...credential })] : [];
    const output = upstreamView(row, stored);
    return { output, audit: { resource: "upstream", id: row.id, name: row.name, after: output } };
  },
});
