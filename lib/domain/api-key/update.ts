import { Prisma } from "#prisma/generated/client.ts";
import { appendDirectory } from "../directory/append.ts";
import { DomainError, notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { ApiKeyInput, ApiKeyView } from "./schemas.ts";
import { API_KEY_PARTS, apiKeyView, directoryApiKey } from "./view.ts";

/** Renames a key, or changes its expiry or routes, on every node at once. A revoked key stays as it is (409). 404, 412. */
export const updateApiKey = mutation({
  name: "apiKey.update",
  permission: "apiKey.write",
  input: PatchInput,
  output: ApiKeyView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.apiKey.findUnique({ where: { id }, include: API_KEY_PARTS, omit: { sha256: false } });
    if (!before) throw notFound("API key");
    requireMatch(ctx, before.version);
    if (before.revokedAt) throw new DomainError("conflict", "This key is revoked. Issue a new one instead.");
    const view = apiKeyView(before, ctx.now());
    const changed = parseInput(
      ApiKeyInput,
      mergePatch({ name: view.name, expiresAt: view.expiresAt, routes: view.routes }, patch),
    );
    const data = {
      name: changed.name,
      expiresAt: changed.expiresAt === null ? null : new Date(changed.expiresAt),
      routes: changed.routes ?? Prisma.DbNull,
    };
    const { count } = await ctx.tx.apiKey.updateMany({
      where: { id, version: before.version },
      data: { ...data, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const row = await ctx.tx.apiKey.findUniqueOrThrow({ where: { id }, include: API_KEY_PARTS });
    await appendDirectory(ctx.tx, { kind: "apiKey", id, body: directoryApiKey(row, before.sha256) });
    const output = apiKeyView(row, ctx.now());
    return {
      output,
      audit: { resource: "apiKey", id, name: row.name, teamId: row.teamId, before: view, after: output },
    };
  },
});
