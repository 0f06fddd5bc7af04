import type { z } from "zod";
import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { newId } from "../new-id.ts";
import type { VersionFields } from "./schemas.ts";
import { VERSION_PARTS, type VersionRow } from "./view.ts";

type Fields = z.output<typeof VersionFields>;

/** Throws a 422 that names each target whose upstream the draft does not have. */
export async function requireKnownUpstreams(tx: Tx, targets: Fields["targets"]): Promise<void> {
  const known = await tx.upstream.findMany({
    where: { id: { in: targets.map((target) => target.upstreamId) } },
    select: { id: true },
  });
  const ids = new Set(known.map((row) => row.id));
  const fields = targets.flatMap((target, index) =>
    ids.has(target.upstreamId)
      ? []
      : [
          {
            pointer: `/targets/${index}/upstreamId`,
            code: "unknown_upstream",
            detail: "There is no such upstream. Choose one from GET /upstreams.",
          },
        ],
  );
  if (fields.length > 0)
    throw new DomainError("invalid_request", "A target names an upstream that does not exist.", fields);
}

/** Rows for the targets of a version, in their order. */
export function targetRows(targets: Fields["targets"]) {
  return targets.map((target, position) => ({ id: newId("tgt"), ...target, position }));
}

/** Adds a version to a route. The caller has checked the upstreams. */
export function insertVersion(tx: Tx, routeId: string, number: string, fields: Fields): Promise<VersionRow> {
  const { strategy, retry, timeouts, onNotCarried } = fields;
  const data = {
    id: newId("rtv"),
    routeId,
    number,
    strategy,
    retry,
    timeouts,
    onNotCarried,
    targets: { create: targetRows(fields.targets) },
  };
  return tx.routeVersion.create({ data, include: VERSION_PARTS });
}
