import { z } from "zod";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { joinTokenView } from "./view.ts";

/** Takes a join token back; a node that has joined with it stays. 404. */
export const deleteJoinToken = mutation({
  name: "joinToken.delete",
  permission: "joinToken.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.joinToken.findUnique({ where: { id } });
    if (!before) throw notFound("join token");
    await ctx.tx.joinToken.delete({ where: { id } });
    return {
      output: null,
      audit: { resource: "joinToken", id, name: before.name, before: joinTokenView(before, ctx.now()) },
    };
  },
});
