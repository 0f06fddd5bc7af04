"use client";
import { RolloutCard } from "#components/rollouts/rollout-card.tsx";
import { useRevisions } from "#lib/query/revisions.ts";
import { useLatestRollout } from "#lib/query/rollouts.ts";

/** The canary that is under way, or the one that made the newest revision what it is; nothing otherwise. */
export function CurrentRollout() {
  const latest = useLatestRollout().data;
  const newest = useRevisions(null).data?.data[0]?.number;
  if (!latest) return null;
  const isOfNow = latest.endedAt === null || latest.revision === newest || latest.endedBy === newest;
  return isOfNow ? <RolloutCard key={latest.id} id={latest.id} /> : null;
}
