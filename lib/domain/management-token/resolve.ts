import { z } from "zod";
import { mutation } from "../verb.ts";

/** How exact `lastUsedAt` is: no more than one write a minute and token. */
const USE_NOTED_EVERY_MS = 60_000;

/**
 * Which token has this hash, if it is in force, read anew for every request; also notes that it was used. For the
 * control plane itself.
 */
export const resolveManagementToken = mutation({
  name: "managementToken.resolve",
  permission: "managementToken.read",
  input: z.strictObject({ sha256: z.string() }),
  output: z.object({ id: z.string(), name: z.string(), role: z.string() }).nullable(),
  async run(ctx, { sha256 }) {
    const row = await ctx.tx.managementToken.findUnique({ where: { sha256, revokedAt: null } });
    const now = ctx.now();
    if (!row || (row.expiresAt && row.expiresAt <= now)) return { output: null, audit: "unchanged" };
    const before = new Date(now.getTime() - USE_NOTED_EVERY_MS);
    if (!row.lastUsedAt || row.lastUsedAt <= before)
      await ctx.tx.managementToken.updateMany({
        where: { id: row.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
        data: { lastUsedAt: now },
      });
    return { output: { id: row.id, name: row.name, role: row.role }, audit: "unchanged" };
  },
});
