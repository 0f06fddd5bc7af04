import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { ApiKeyListInput, ApiKeyPage, ApiKeyView } from "./schemas.ts";
import { API_KEY_PARTS, apiKeyView } from "./view.ts";

/** One key. 404. */
export const getApiKey = query({
  name: "apiKey.get",
  permission: "apiKey.read",
  input: IdInput,
  output: ApiKeyView,
  async run(ctx, { id }) {
    const row = await ctx.tx.apiKey.findUnique({ where: { id }, include: API_KEY_PARTS });
    if (!row) throw notFound("API key");
    return apiKeyView(row, ctx.now());
  },
});

/** The keys the caller reaches, newest first, of one consumer when it is named. */
export const listApiKeys = query({
  name: "apiKey.list",
  permission: "apiKey.read",
  input: ApiKeyListInput,
  output: ApiKeyPage,
  async run(ctx, input) {
    if (input.consumerId !== undefined && !(await ctx.tx.consumer.findUnique({ where: { id: input.consumerId } })))
      throw notFound("consumer");
    const page = pageQuery(input);
    const where = {
      AND: [
        page.where,
        input.consumerId === undefined ? {} : { consumerId: input.consumerId },
        input.q === undefined
          ? {}
          : {
              OR: [
                { name: { contains: input.q, mode: "insensitive" as const } },
                { id: input.q },
                { last4: input.q },
                { prefix: input.q.slice(0, 8) },
              ],
            },
        inState(input.state, ctx.now()),
      ],
    };
    const rows = await ctx.tx.apiKey.findMany({ ...page, where, include: API_KEY_PARTS });
    return toPage(rows, input.limit, (row) => apiKeyView(row, ctx.now()));
  },
});

function inState(state: "active" | "expired" | "revoked" | undefined, now: Date) {
  if (state === undefined) return {};
  if (state === "revoked") return { revokedAt: { not: null } };
  if (state === "expired") return { revokedAt: null, expiresAt: { lte: now } };
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}
