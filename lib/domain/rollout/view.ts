import type { Rollout, RolloutEvent } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import {
  Gate,
  RolloutEventKind,
  type RolloutEventView,
  RolloutFigures,
  RolloutState,
  type RolloutSummary,
} from "./schemas.ts";

/** A rollout without its nodes, figures and story. */
export function rolloutSummary(row: Rollout): RolloutSummary {
  const { id, revision, baseline, percent, groups, endedBy } = row;
  return {
    id,
    revision,
    baseline,
    percent,
    groups,
    gate: Gate.parse(row.gate),
    state: RolloutState.parse(row.state),
    startedAt: row.startedAt.toISOString(),
    judgedSince: row.judgedSince?.toISOString() ?? null,
    deadlineAt: row.deadlineAt.toISOString(),
    pausedAt: row.pausedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedBy,
    etag: etagOf(row.version),
  };
}

/** One thing of the story. */
export function rolloutEventView(row: RolloutEvent): RolloutEventView {
  return {
    id: row.id,
    at: row.at.toISOString(),
    kind: RolloutEventKind.parse(row.kind),
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    detail: row.detail,
    figures: RolloutFigures.nullable().parse(row.figures),
    nodeId: row.nodeId,
  };
}
