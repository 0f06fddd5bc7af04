import type { z } from "zod";
import type { Target } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { newId } from "../new-id.ts";
import type { VersionFields } from "./schemas.ts";
import { ruleColumns } from "./serving-kind.ts";
import { VERSION_PARTS, type VersionRow } from "./view.ts";

type Fields = z.output<typeof VersionFields>;

/**
 * Rows for the targets of a version, in their order. The same model at the same upstream stays the same target: nodes know
 * its health by its id.
 */
export function targetRows(targets: Fields["targets"], before: readonly Target[] = []) {
  const known = [...before];
  return targets.map((target, position) => {
    const place = known.findIndex((each) => each.upstreamId === target.upstreamId && each.model === target.model);
    const [same] = place === -1 ? [] : known.splice(place, 1);
    return { id: same?.id ?? newId("tgt"), ...target, position };
  });
}

/** Adds a version to a route. The caller has checked that its targets can serve it. */
export function insertVersion(tx: Tx, routeId: string, number: string, fields: Fields): Promise<VersionRow> {
  const { strategy, hashBy, retry, timeouts, onNotCarried, guardrails } = fields;
  const data = {
    id: newId("rtv"),
    routeId,
    number,
    strategy,
    hashBy,
    retry,
    timeouts,
    onNotCarried,
    guardrails,
    ...ruleColumns(fields),
    targets: { create: targetRows(fields.targets) },
  };
  return tx.routeVersion.create({ data, include: VERSION_PARTS });
}
