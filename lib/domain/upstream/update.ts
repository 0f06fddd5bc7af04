import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { requireReachableAddress } from "./check-address.ts";
import { addressAfter, requireCredentialKind, requireOptions } from "./check-provider.ts";
import { CredentialKind, UpstreamInput, UpstreamView } from "./schemas.ts";
import { credentialsByUpstream, upstreamFields, upstreamView } from "./view.ts";

/** Changes an upstream in the draft. 403 and 422 `private_address`, 404, 409 `name_taken`, 412. */
export const updateUpstream = mutation({
  name: "upstream.update",
  permission: "upstream.write",
  input: PatchInput,
  output: UpstreamView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.upstream.findUnique({ where: { id } });
    if (!before) throw notFound("upstream");
    requireMatch(ctx, before.version);
    const fields = upstreamFields(before);
    const asked = parseInput(UpstreamInput, mergePatch(fields, patch));
    requireOptions(asked);
    const changed = { ...asked, baseUrl: addressAfter(fields, asked) };
    requireReachableAddress(ctx.actor, changed, before);
    const credentials = (await credentialsByUpstream(ctx.tx, [id])).get(id) ?? [];
    for (const { kind } of credentials)
      requireCredentialKind(changed.provider, CredentialKind.parse(kind), "/provider");
    const { count } = await ctx.tx.upstream.updateMany({
      where: { id, version: before.version },
      data: { ...changed, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const output = upstreamView(await ctx.tx.upstream.findUniqueOrThrow({ where: { id } }), credentials);
    return {
      output,
      audit: { resource: "upstream", id, name: output.name, before: upstreamView(before, credentials), after: output },
    };
  },
});
