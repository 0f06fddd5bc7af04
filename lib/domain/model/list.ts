import type { PolicyDocument, RouteVersionDocument } from "../../contract/policy-document.ts";
import { PageInput } from "../page.ts";
import { activeRevision } from "../revision/active.ts";
import { compareVersions } from "../route/compare-versions.ts";
import { query } from "../verb.ts";
import { ModelPage, type ModelView } from "./schemas.ts";

/** The catalogue: every route of the active revision, by name. One page holds them all. */
export const listModels = query({
  name: "model.list",
  permission: "model.read",
  input: PageInput.pick({ q: true }),
  output: ModelPage,
  async run(ctx, { q }) {
    const { document } = await activeRevision(ctx.tx);
    const named = document.routes.filter(
      (route) => q === undefined || route.name.toLowerCase().includes(q.toLowerCase()),
    );
    const data = named
      .toSorted((a, b) => a.name.localeCompare(b.name, "en"))
      .map((route) => ({
        id: route.id,
        name: route.name,
        defaultVersion: route.defaultVersion,
        versions: route.versions
          .toSorted((a, b) => compareVersions(b.version, a.version))
          .map((version) => versionOf(document, version)),
      }));
    return { data, nextCursor: null };
  },
});

function versionOf(document: PolicyDocument, version: RouteVersionDocument): ModelView["versions"][number] {
  const { status, deprecatedAt, sunsetAt, successor } = version;
  const providers = new Map(document.upstreams.map((upstream) => [upstream.id, upstream.provider]));
  const models = version.targets.map((target) => {
    const provider = providers.get(target.upstreamId) ?? "unknown";
    const price =
      document.prices.entries.find((entry) => entry.provider === provider && entry.model === target.model) ?? null;
    return { provider, model: target.model, price };
  });
  return { version: version.version, status, deprecatedAt, sunsetAt, successor, models };
}
