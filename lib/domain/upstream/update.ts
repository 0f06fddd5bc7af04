import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { requireReachableAddress } from "./check-address.ts";
import { UpstreamInput, UpstreamView } from "./schemas.ts";
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
    const changed = parseInput(UpstreamInput, mergePatch(upstreamFields(before), patch));
    requireReachableAddress(ctx.actor, changed, before);
    const { count } = await ctx.tx.upstream.updateMany({
      where: { id, version: before.version },
      data: { ...changed, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const credentials = (await credentialsByUpstream(ctx.tx, [id])).get(id) ?? [];
    const output = upstreamView(await ctx.tx.upstream.findUniqueOrThrow({ where: { id } }), credentials);
    return {
      output,
      audit: { resource: "upstream", id, name: output.name, before: upstreamView(before, credentials), after: output },
    };
  },
});
