import { z } from "zod";
import { appendDirectory } from "../directory/append.ts";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { API_KEY_PARTS, apiKeyView } from "./view.ts";

/** Revokes a key for good, on every node at once. Revoking twice changes nothing. 404, 412. */
export const revokeApiKey = mutation({
  name: "apiKey.revoke",
  permission: "apiKey.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.apiKey.findUnique({ where: { id }, include: API_KEY_PARTS });
    if (!before) throw notFound("API key");
    requireMatch(ctx, before.version);
    if (before.revokedAt) return { output: null, audit: "unchanged" };
    const row = await ctx.tx.apiKey.update({
      where: { id },
      data: { revokedAt: ctx.now(), version: { increment: 1 } },
      include: API_KEY_PARTS,
    });
    await appendDirectory(ctx.tx, { kind: "apiKey", id, body: null });
    const [view, after] = [apiKeyView(before, ctx.now()), apiKeyView(row, ctx.now())];
    return { output: null, audit: { resource: "apiKey", id, name: row.name, teamId: row.teamId, before: view, after } };
  },
});
