import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { standingByUpstream } from "../node/standing.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { UpstreamPage, UpstreamView } from "./schemas.ts";
import { credentialsByUpstream, upstreamView } from "./view.ts";

/** One upstream as the draft has it. 404. */
export const getUpstream = query({
  name: "upstream.get",
  permission: "upstream.read",
  input: IdInput,
  output: UpstreamView,
  async run(ctx, { id }) {
    const row = await ctx.tx.upstream.findUnique({ where: { id } });
    if (!row) throw notFound("upstream");
    const credentials = await credentialsByUpstream(ctx.tx, [id]);
    const standing = await standingByUpstream(ctx.tx, ctx.now());
    return { ...upstreamView(row, credentials.get(id) ?? []), standing: standing.get(id) ?? [] };
  },
});

/** The upstreams of the draft, newest first. */
export const listUpstreams = query({
  name: "upstream.list",
  permission: "upstream.read",
  input: PageInput,
  output: UpstreamPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.upstream.findMany({ ...page, where: { ...page.where, ...named } });
    const credentials = await credentialsByUpstream(
      ctx.tx,
      rows.map((row) => row.id),
    );
    const standing = await standingByUpstream(ctx.tx, ctx.now());
    return toPage(rows, input.limit, (row) => ({
      ...upstreamView(row, credentials.get(row.id) ?? []),
      standing: standing.get(row.id) ?? [],
    }));
  },
});
