import { Prisma } from "#prisma/generated/client.ts";
import { API_KEY_PREFIX, newSecret, secretHash } from "../../contract/api-key-format.ts";
import { appendDirectory } from "../directory/append.ts";
import { invalidField, notFound } from "../errors.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { ApiKeyCreate, ApiKeyIssued } from "./schemas.ts";
import { API_KEY_PARTS, apiKeyView, directoryApiKey } from "./view.ts";

const SHOWN_PREFIX_LENGTH = API_KEY_PREFIX.length + 5;

/** Issues a key for a consumer, working on every node at once. The secret is in this answer and nowhere else. 404, 422. */
export const issueApiKey = mutation({
  name: "apiKey.issue",
  permission: "apiKey.write",
  input: ApiKeyCreate,
  output: ApiKeyIssued,
  async run(ctx, input) {
    const consumer = await ctx.tx.consumer.findUnique({ where: { id: input.consumerId } });
    if (!consumer) throw notFound("consumer");
    const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
    if (expiresAt && expiresAt <= ctx.now())
      throw invalidField(
        "/expiresAt",
        "in_the_past",
        "This time has passed. Give a later one, or null for a key that does not expire.",
      );
    const secret = newSecret(API_KEY_PREFIX);
    const sha256 = secretHash(secret);
    const row = await ctx.tx.apiKey.create({
      data: {
        id: newId("key"),
        consumerId: consumer.id,
        teamId: consumer.teamId,
        name: input.name,
        prefix: secret.slice(0, SHOWN_PREFIX_LENGTH),
        last4: secret.slice(-4),
        sha256,
        routes: input.routes ?? Prisma.DbNull,
        expiresAt,
        createdBy: ctx.actor.id,
      },
      include: API_KEY_PARTS,
    });
    await appendDirectory(ctx.tx, { kind: "apiKey", id: row.id, body: directoryApiKey(row, sha256) });
    const view = apiKeyView(row, ctx.now());
    return {
      output: { ...view, secret },
      audit: { resource: "apiKey", id: row.id, name: row.name, teamId: row.teamId, after: view },
    };
  },
});
