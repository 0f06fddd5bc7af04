import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { ManagementTokenListInput, ManagementTokenPage, ManagementTokenView } from "./schemas.ts";
import { managementTokenView } from "./view.ts";

/** One management token, without its secret. 404. */
export const getManagementToken = query({
  name: "managementToken.get",
  permission: "managementToken.read",
  input: IdInput,
  output: ManagementTokenView,
  async run(ctx, { id }) {
    const row = await ctx.tx.managementToken.findUnique({ where: { id } });
    if (!row) throw notFound("management token");
    return managementTokenView(row, ctx.now());
  },
});

/** Management tokens without their secrets, newest first. */
export const listManagementTokens = query({
  name: "managementToken.list",
  permission: "managementToken.read",
  input: ManagementTokenListInput,
  output: ManagementTokenPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named =
      input.q === undefined
        ? {}
        : { OR: [{ name: { contains: input.q, mode: "insensitive" as const } }, { id: input.q }, { last4: input.q }] };
    const where = { AND: [page.where, named, inState(input.state, ctx.now())] };
    const rows = await ctx.tx.managementToken.findMany({ ...page, where });
    return toPage(rows, input.limit, (row) => managementTokenView(row, ctx.now()));
  },
});

function inState(state: "active" | "expired" | "revoked" | undefined, now: Date) {
  if (state === undefined) return {};
  if (state === "revoked") return { revokedAt: { not: null } };
  if (state === "expired") return { revokedAt: null, expiresAt: { lte: now } };
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}
