import { z } from "zod";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { credentialsByUpstream, upstreamView } from "./view.ts";

/** Takes an upstream out of the draft. Routes that still use it block the publishing, not this. Its credentials stay. 404, 412. */
export const deleteUpstream = mutation({
  name: "upstream.delete",
  permission: "upstream.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.upstream.findUnique({ where: { id } });
    if (!before) throw notFound("upstream");
    requireMatch(ctx, before.version);
    const { count } = await ctx.tx.upstream.deleteMany({ where: { id, version: before.version } });
    if (count === 0) throw lostRace();
    const credentials = (await credentialsByUpstream(ctx.tx, [id])).get(id) ?? [];
    return {
      output: null,
      audit: { resource: "upstream", id, name: before.name, before: upstreamView(before, credentials) },
    };
  },
});
