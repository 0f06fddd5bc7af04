import { z } from "zod";
import { mutation } from "../verb.ts";

/**
 * Writes a refused sign-in into the audit. What was typed as the e-mail is not kept unless it is an account's: people
 * type passwords into the wrong field. The caller bounds how often this is done.
 */
export const refuseSession = mutation({
  name: "session.refuse",
  permission: "me.write",
  input: z.strictObject({ email: z.string() }),
  output: z.null(),
  async run(ctx, { email }) {
    const user = await ctx.tx.user.findUnique({ where: { email }, select: { id: true, email: true } });
    const [id, name] = user ? [user.id, user.email] : ["unknown", "no such account"];
    return { output: null, audit: { resource: "session", id, name, outcome: "refused" } };
  },
});
