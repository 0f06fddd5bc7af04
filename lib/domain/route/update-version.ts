import type { z } from "zod";
import { RouteKind } from "../../contract/policy-document.ts";
import { invalidField } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { JsonObject, mergePatch } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { VersionPatch, VersionView } from "./schemas.ts";
import { requireServable, ruleColumns } from "./serving-kind.ts";
import { targetRows } from "./store-version.ts";
import { loadVersion, VersionInput } from "./versions.ts";
import { targetUpstreamNames, versionFields, versionView } from "./view.ts";

/** Changes a version in the draft: its targets, or its life (deprecated, retired, sunset, successor). 404, 412, 422. */
export const updateVersion = mutation({
  name: "routeVersion.update",
  permission: "route.write",
  input: VersionInput.extend({ patch: JsonObject }),
  output: VersionView,
  async run(ctx, { id, version, patch }) {
    const before = await loadVersion(ctx.tx, id, version);
    requireMatch(ctx, before.version);
    const changed = parseInput(VersionPatch, mergePatch(versionFields(before), patch));
    requireSensibleLife(changed, version);
    await requireServable(ctx.tx, RouteKind.parse(before.route.kind), changed);
    const { targets, cache, http, deprecatedAt, sunsetAt, ...rest } = changed;
    const deprecated = changed.status === "deprecated" ? new Date(deprecatedAt ?? ctx.now()) : dateOrNull(deprecatedAt);
    const data = { ...rest, ...ruleColumns({ cache, http }), deprecatedAt: deprecated, sunsetAt: dateOrNull(sunsetAt) };
    const { count } = await ctx.tx.routeVersion.updateMany({
      where: { id: before.id, version: before.version },
      data: { ...data, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    if (JSON.stringify(targets) !== JSON.stringify(versionFields(before).targets)) {
      await ctx.tx.target.deleteMany({ where: { routeVersionId: before.id } });
      await ctx.tx.target.createMany({
        data: targetRows(targets, before.targets).map((target) => ({ ...target, routeVersionId: before.id })),
      });
    }
    await ctx.tx.route.update({ where: { id }, data: { version: { increment: 1 } } });
    const row = await loadVersion(ctx.tx, id, version);
    const names = await targetUpstreamNames(ctx.tx, [before, row]);
    const output = versionView(row, names);
    return {
      output,
      audit: {
        resource: "routeVersion",
        id: row.id,
        name: `${row.route.name}@${version}`,
        partOf: { id, name: row.route.name, version },
        before: versionView(before, names),
        after: output,
      },
    };
  },
});

function requireSensibleLife(changed: z.output<typeof VersionPatch>, version: string): void {
  if (changed.successor === version)
    throw invalidField("/successor", "invalid_successor", "A version cannot succeed itself.");
  if (changed.deprecatedAt !== null && changed.sunsetAt !== null && changed.sunsetAt < changed.deprecatedAt) {
    throw invalidField("/sunsetAt", "before_deprecation", "The sunset cannot come before the deprecation.");
  }
  requireSensibleBrownouts(changed);
}

function requireSensibleBrownouts({ status, sunsetAt, brownouts }: z.output<typeof VersionPatch>): void {
  if (brownouts.length > 0 && status === "active") {
    throw invalidField("/brownouts", "not_deprecated", "Only a deprecated version has brown-outs. Deprecate it first.");
  }
  brownouts.forEach(({ startsAt, durationSeconds }, index) => {
    const endMs = Date.parse(startsAt) + durationSeconds * 1_000;
    if (sunsetAt !== null && endMs > Date.parse(sunsetAt)) {
      throw invalidField(`/brownouts/${index}`, "after_sunset", "A brown-out must be over by the sunset.");
    }
  });
}

function dateOrNull(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
