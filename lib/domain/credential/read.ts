import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { CredentialListInput, CredentialPage, CredentialView } from "./schemas.ts";
import { credentialView, upstreamNames } from "./view.ts";

/** One credential without its secret. 404. */
export const getCredential = query({
  name: "credential.get",
  permission: "credential.read",
  input: IdInput,
  output: CredentialView,
  async run(ctx, { id }) {
    const row = await ctx.tx.credential.findUnique({ where: { id } });
    if (!row) throw notFound("credential");
    return credentialView(row, await upstreamNames(ctx.tx, [row.upstreamId]));
  },
});

/** Credentials without their secrets, newest first. */
export const listCredentials = query({
  name: "credential.list",
  permission: "credential.read",
  input: CredentialListInput,
  output: CredentialPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const where = {
      ...page.where,
      ...(input.upstreamId === undefined ? {} : { upstreamId: input.upstreamId }),
      ...(input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } }),
    };
    const rows = await ctx.tx.credential.findMany({ ...page, where });
    const names = await upstreamNames(
      ctx.tx,
      rows.map((row) => row.upstreamId),
    );
    return toPage(rows, input.limit, (row) => credentialView(row, names));
  },
});
